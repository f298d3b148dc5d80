import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kit/index.ts';
import type { LinkMessage } from '../../../src/links/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { writeParameter } from '../../../src/protocols/llrp/tree.ts';
import { openReader, type Reader, type ReaderOptions } from '../../../src/readers/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { scene as family } from '../../fakes/family-scene.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { scene as llrp } from '../readers/llrp/scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const codes = (reader: Reader) => reader.status().findings.map(({ code }) => code);
const minute = 60_000;

/** A reader whose messages the test publishes by hand. */
function messages(id: string, more: Partial<ReaderOptions> = {}) {
  const clock = manualClock();
  const since = clock.now();
  let take: (message: LinkMessage) => Promise<void> = async () => undefined;
  const mqtt = {
    subscribe: (_filter: string, handler: (message: LinkMessage) => Promise<void>) => {
      take = handler;
    },
    publish: () => Promise.resolve(),
    state: () => ({ state: 'open', since, error: null, fault: null }) as const,
  };
  const config = {
    id: 'r1',
    profile: id,
    link: { mqtt: { topic: 't' } },
    antennas: { '1': 'dock', '2': 'dock' },
    ...more,
  };
  const shared = { mqtt, clock, log: silentLog, random: () => 0.5, onReads: async () => undefined };
  const reader = openReader({ supervise: createSupervision, config, profile: profiles.get(id), ...shared });
  reader.start();
  const say = (payload: unknown) =>
    take({
      topic: 't',
      payload: Buffer.from(JSON.stringify(payload)),
      redelivered: false,
      retained: false,
      at: clock.now(),
    });
  /** A message of which the link kept nothing, because it was over the limit. */
  const sayTooMuch = () =>
    take({
      ...{ topic: 't', payload: new Uint8Array(), redelivered: false, retained: false, at: clock.now() },
      oversize: { size: 20_000_000, limit: 16_777_216 },
    });
  return { clock, reader, say, sayTooMuch };
}

const iso = (at: number) => new Date(at).toISOString();
const impinj = (now: number, event: string, detail: object) => ({ timestamp: iso(now), [event]: detail });
const impinjRead = (now: number, antennaPort: number) =>
  impinj(now, 'tagInventoryEvent', { epcHex: '3034257BF7194E4000001A85', antennaPort });
const zebraRead = (now: number, eventNum: number, type = 'CUSTOM') => ({
  type,
  timestamp: iso(now),
  data: { idHex: '3034257bf7194e4000001a85', antenna: 1, eventNum },
});
const zebraBeat = (now: number, radio: object, more: object = {}) => ({
  type: 'heartbeat',
  timestamp: iso(now),
  data: { radio_control: radio, ...more },
});

describe('an Impinj reader over MQTT', () => {
  test('that is armed by a GPI, idle, or has no antenna says so, and reading ends each of these', async () => {
    const { clock, reader, say } = messages('impinj/r700');
    const status = (word: string) => say(impinj(clock.now(), 'inventoryStatusEvent', { status: word }));
    await status('armed');
    await clock.advance(minute);
    expect(codes(reader)).toEqual(['READER_ARMED']);
    await status('idle');
    await clock.advance(minute);
    expect(codes(reader)).toEqual(['READER_STOPPED']);
    for (const port of [1, 2]) await say(impinj(clock.now(), 'antennaDisconnectedEvent', { antennaPort: port }));
    expect(codes(reader)).toEqual(['READER_ANTENNAS_OFF']);
    expect(reader.status().antennas.map(({ health }) => health)).toEqual(['off', 'off']);
    await say(impinjRead(clock.now(), 1));
    expect(codes(reader)).toEqual(['READER_OK', 'READER_ANTENNA_OFF']);
    await say(impinj(clock.now(), 'antennaConnectedEvent', { antennaPort: 2 }));
    expect(codes(reader)).toEqual(['READER_OK']);
  });

  test('that purged events has lost reads', async () => {
    const { clock, reader, say } = messages('impinj/r700');
    await say(impinj(clock.now(), 'overflowEvent', { eventsPurged: 25_000, eventsRemaining: 1_000 }));
    expect(codes(reader)).toContain('READER_OVERFLOW');
  });

  test('one of whose antennas falls silent while the other reads is told after ten minutes', async () => {
    const { clock, reader, say } = messages('impinj/r700');
    const work = async (minutes: number, ports: readonly number[]) => {
      for (let i = 0; i < minutes * 6; i++) {
        for (const port of ports) await say(impinjRead(clock.now(), port));
        await clock.advance(10_000);
        await reader.status();
      }
    };
    await work(32, [1, 2]);
    expect(codes(reader)).toEqual(['READER_OK']);
    await work(11, [1]);
    expect(codes(reader)).toEqual(['READER_OK', 'READER_ANTENNA_DEAD']);
    expect(reader.status().antennas[1]).toMatchObject({ antenna: 2, health: 'dead' });
  }, 60_000);
});

describe('a Zebra reader over MQTT', () => {
  test('whose heartbeats stop is not reachable, until it says anything', async () => {
    const { clock, reader, say } = messages('zebra/iot-connector');
    for (let i = 0; i < 5; i++) {
      await say(zebraBeat(clock.now(), { radioActivity: 'active' }));
      await clock.advance(10_000);
    }
    expect(reader.status()).toMatchObject({ reachable: true, online: true });
    await clock.advance(25_000);
    expect(codes(reader)).toEqual(['READER_SILENT']);
    expect(reader.status().reachable).toBe(false);
    await say(zebraRead(clock.now(), 1));
    expect(reader.status().reachable).toBe(true);
  });

  test('in portal mode waits for its GPI; its radio, antennas, complaints and drops are told from its own words', async () => {
    const { clock, reader, say } = messages('zebra/iot-connector');
    await say(zebraRead(clock.now(), 1, 'PORTAL'));
    await clock.advance(11 * minute);
    expect(codes(reader)).toEqual(['READER_ARMED']);
    await say(zebraRead(clock.now(), 2));
    await say(zebraBeat(clock.now(), { radioActivity: 'inactive', antennas: { 1: 'connected', 2: 'disconnected' } }));
    await clock.advance(minute);
    expect(codes(reader)).toEqual(['READER_STOPPED', 'READER_ANTENNA_OFF']);
    await say({ type: 'warning', timestamp: iso(clock.now()), data: { message: 'CPU utilisation above threshold' } });
    await say(zebraBeat(clock.now(), {}, { reader_gateway: { numDataMessagesDropped: 7 } }));
    const found = reader.status().findings;
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['READER_COMPLAINS', 'READER_OVERFLOW']));
    expect(found.find(({ code }) => code === 'READER_COMPLAINS')?.text).toContain('CPU utilisation above threshold');
  });

  test('whose numbers leave some out has missing reads; repeated ones, late ones and a restart are none', async () => {
    const { clock, reader, say } = messages('zebra/iot-connector');
    const t0 = clock.now();
    for (const [seq, second] of [
      [10, 1],
      [11, 2],
      [11, 2],
      [14, 5],
      [13, 4],
      [12, 3],
      [1, 20],
      [2, 21],
    ] as const) {
      await say(zebraRead(t0 + second * 1000 - 30_000, seq));
    }
    await clock.advance(2 * minute);
    expect(reader.status().missing).toBe(0);
    await say(zebraRead(clock.now(), 6));
    await clock.advance(2 * minute);
    expect(reader.status().missing).toBe(3);
    expect(codes(reader)).toContain('READER_GAPS');
  });

  test('whose clock is wrong is told from one that delivers what it had kept', async () => {
    const wrong = messages('zebra/iot-connector');
    for (let i = 0; i < 10; i++) {
      await wrong.say(zebraRead(wrong.clock.now() - 90_000, i));
      await wrong.clock.advance(1000);
    }
    expect(codes(wrong.reader)).toEqual(['READER_OK', 'READER_CLOCK']);
    expect(wrong.reader.status().clockOffsetMs).toBe(-90_000);
    const late = messages('zebra/iot-connector');
    const left = late.clock.now() - 600_000;
    for (let i = 0; i < 10; i++) {
      await late.say(zebraRead(left + i * 20_000, i));
      await late.clock.advance(1000);
    }
    expect(codes(late.reader)).toEqual(['READER_OK', 'READER_CATCHING_UP']);
  });
});

describe('an LLRP reader', () => {
  test.each<
    [string, Parameters<typeof llrp>[0], Parameters<ReturnType<typeof llrp>['device']['setFaults']>[0], string]
  >([
    ['another region', { config: { region: 'ETSI-302-208' } }, {}, 'READER_REGION_REFUSED'],
    ['a power it has not', { config: { power: 39 } }, {}, 'READER_POWER_REFUSED'],
    ['a port it has not', { config: { antennas: { '1': 'here', '31': 'there' } } }, {}, 'READER_ANTENNA_REFUSED'],
    ['a plan that it refuses', {}, { refuse: 'ADD_ROSPEC' }, 'READER_ROSPEC_REFUSED'],
    ['another client on it', {}, { busy: true }, 'READER_IN_USE'],
  ])('with %s says why it reads nothing', async (_name, options, faults, code) => {
    const { clock, reader, device } = llrp(options);
    device.setFaults(faults);
    reader.start();
    await clock.advance(3_000);
    expect(codes(reader)[0]).toBe(code);
    expect(reader.status().session).toMatchObject({ state: 'failed' });
    expect(reader.status().findings[0]?.params['error']).toBe(reader.status().session.problem);
  });

  test('with another program’s ROSpec in it is in use; without it, it reads', async () => {
    const { clock, reader, device } = llrp();
    device.occupy(7);
    reader.start();
    await clock.advance(2_000);
    expect(codes(reader)[0]).toBe('READER_IN_USE');
  });

  test('tells of an antenna that comes off and back, of reports it lost, and of a buffer that fills', async () => {
    const { clock, reader, device } = llrp({ rate: 0 });
    reader.start();
    await clock.advance(1_000);
    device.tell(writeParameter('AntennaEvent', { kind: 0, antenna: 2 }));
    device.tell(writeParameter('ReportBufferOverflowErrorEvent'));
    device.tell(writeParameter('ReportBufferLevelWarningEvent', { percent: 90 }));
    expect(codes(reader)).toEqual(['READER_WAITING', 'READER_ANTENNA_OFF', 'READER_OVERFLOW', 'READER_BUFFER_FILLING']);
    device.tell(writeParameter('AntennaEvent', { kind: 1, antenna: 2 }));
    expect(codes(reader)).not.toContain('READER_ANTENNA_OFF');
  });

  test('that is lost keeps its last error when it is back, and one that is lost all the time is unstable', async () => {
    const { clock, reader, line } = llrp();
    reader.start();
    await clock.advance(1_000);
    expect(reader.status().lastError).toBeNull();
    for (let i = 0; i < 5; i++) {
      line.unplug();
      await clock.advance(1_000);
      line.plug();
      await clock.advance(1_000);
    }
    expect(reader.status()).toMatchObject({ link: { state: 'open', error: null }, lastError: { text: 'unplugged' } });
    expect(codes(reader)).toContain('READER_UNSTABLE');
  });
});

describe('a serial module', () => {
  test('that does not answer, and one that reads nothing at little power, say what to look at', async () => {
    const profile = profiles.get('magicrf/m100');
    if (profile.kind !== 'bytes') throw new Error('needs a byte profile');
    const mute = family(profile);
    mute.device.setSilent(true);
    mute.reader.start();
    await mute.clock.advance(30_000);
    expect(codes(mute.reader)[0]).toBe('READER_NO_ANSWER');
    const idle = family(profile);
    idle.device.setTags([]);
    idle.reader.start();
    await idle.clock.advance(minute);
    expect(codes(idle.reader)[0]).toBe('READER_WAITING');
    await idle.clock.advance(10 * minute);
    expect(codes(idle.reader)[0]).toBe('READER_QUIET');
  }, 60_000);
});

test('a reader of which only messages over the limit come is not silent', async () => {
  const { clock, reader, say, sayTooMuch } = messages('zebra/iot-connector');
  for (let i = 0; i < 4; i++) {
    await say(zebraBeat(clock.now(), { radioActivity: 'active' }));
    await clock.advance(5_000);
  }
  for (let i = 0; i < 24; i++) {
    await sayTooMuch();
    await clock.advance(5_000);
  }
  expect(codes(reader)).not.toContain('READER_SILENT');
  expect(codes(reader)).toContain('READER_TOO_LARGE');
});
