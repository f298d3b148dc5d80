import { expect, test } from 'vitest';
import { silentLog } from '../../../../src/kit/index.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { E1, E2, memoryBroker, profiles } from './scene.ts';

/** A reader over MQTT; `zone` is the site's. */
function reading(profile: string, more: Partial<ReaderOptions> = {}, zone: string | null = null) {
  const clock = manualClock();
  const broker = memoryBroker(clock);
  const reads: TagRead[] = [];
  const reader = openReader({
    supervise: createSupervision,
    config: { id: 'r', profile, link: { mqtt: { topic: 't' } }, antennas: { '1': 'p' }, ...more },
    profile: profiles.get(profile),
    mqtt: broker.channel,
    siteZone: zone,
    clock,
    log: silentLog,
    random: Math.random,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  });
  reader.start();
  const codes = () => reader.status().findings.map(({ code }) => code);
  const finding = (code: string) => reader.status().findings.find((one) => one.code === code);
  return { clock, reader, reads, codes, finding, send: (text: string) => broker.deliver('t', text) };
}

const wall = (ms: number, hours: number) => new Date(ms + hours * 3_600_000).toISOString().replace('Z', '');

test('epoch seconds for milliseconds are no reads of 1970 and no backlog: the finding names both units', async () => {
  const { clock, reads, reader, codes, finding, send } = reading('generic/json');
  for (let i = 0; i < 8; i++) {
    await send(JSON.stringify({ epc: E1, antenna: 1, at: Math.floor(clock.now() / 1000) }));
    await clock.advance(1_000);
  }
  expect(reads.every(({ at, receivedAt }) => Math.abs(at - receivedAt) < 1_000)).toBe(true);
  expect(finding('READER_TIME_UNIT')).toMatchObject({ state: 'warn', params: { reader: 'r', found: 's', due: 'ms' } });
  expect(codes()).not.toContain('READER_CATCHING_UP');
  expect(codes()).not.toContain('READER_CLOCK');
  expect(reader.status().warnings).toEqual({});
});

test('a finding about what a reader sends goes when it was not seen for an hour', async () => {
  const { clock, codes, send } = reading('generic/json');
  await send(JSON.stringify({ epc: E1, at: Math.floor(clock.now() / 1000) }));
  expect(codes()).toContain('READER_TIME_UNIT');
  await clock.advance(3_600_001);
  expect(codes()).not.toContain('READER_TIME_UNIT');
});

test('the reader’s own zone comes before the site’s, which is said where it is taken', async () => {
  const map = { id: [{ path: 'epc' }], time: [{ path: 'when', format: 'iso' as const }] };
  const send = async (more: Partial<ReaderOptions>, zone: string | null, hours: number) => {
    const scene = reading('generic/json', { map, ...more }, zone);
    const at = scene.clock.now() - 2_000;
    await scene.send(JSON.stringify({ epc: E1, when: wall(at, hours) }));
    return { ...scene, late: scene.clock.now() - (scene.reads[0]?.at ?? 0) };
  };
  const own = await send({ timeZone: 'Asia/Tokyo' }, 'Asia/Taipei', 9);
  expect([own.late, own.codes().filter((code) => code.includes('ZONE'))]).toEqual([2_000, []]);
  const site = await send({}, 'Asia/Taipei', 8);
  expect([site.late, site.finding('READER_TIME_ZONE')]).toMatchObject([
    2_000,
    { state: 'ok', params: { zone: 'Asia/Taipei' } },
  ]);
  const none = await send({}, null, 8);
  expect([none.late, none.finding('READER_NO_TIME_ZONE')]).toMatchObject([0, { state: 'warn' }]);
});

test('a column that the header lacks is one warning a message and one finding with the names that are there', async () => {
  const map = { payload: 'csv' as const, header: true, id: [{ path: 'epc' }], rssi: [{ path: 'rssi' }] };
  const { reads, reader, finding, send } = reading('generic/json', { map });
  await send(`epc,ant\n${`${E1},1\n`.repeat(50)}`);
  expect([reads.length, reader.status().warnings]).toEqual([50, { COLUMN_MISSING: 1 }]);
  expect(finding('READER_COLUMN_MISSING')?.params).toEqual({ reader: 'r', missing: 'rssi', there: 'epc, ant' });
  await send(`tag,ant\n${`${E1},1\n`.repeat(50)}`);
  expect([reads.length, reader.status().rejected]).toEqual([50, { NO_COLUMN: 1 }]);
  expect(finding('READER_COLUMN_MISSING')?.params).toEqual({ reader: 'r', missing: 'epc, rssi', there: 'tag, ant' });
});

test('NaN in one member over MQTT: its neighbours are read and it is counted', async () => {
  const { reads, reader, send } = reading('impinj/r700');
  const event = (epcHex: string, rssi: string) =>
    `{"eventType":"tagInventory","tagInventoryEvent":{"epcHex":"${epcHex}","antennaPort":1,"peakRssiCdbm":${rssi}}}`;
  await send(`[${event(E1, '-5000')},${event(E2, 'NaN')},${event(E2, '-6000')}]`);
  expect(reads.map(({ epc, rssi }) => [epc, rssi])).toEqual([
    [E1, -50],
    [E2, -60],
  ]);
  expect(reader.status().rejected).toEqual({ BAD_JSON: 1 });
});

test.each(['impinj/r700', 'zebra/iot-connector'])(
  'ten thousand tags of %s in one message of megabytes are read',
  async (profile) => {
    const { reads, reader, send } = reading(profile);
    const filler = 'x'.repeat(300);
    const event = (i: number) => {
      const epc = (0x1000_0000 + i).toString(16).padStart(24, '0');
      return profile === 'impinj/r700'
        ? {
            timestamp: '2026-11-21T08:59:59.000Z',
            filler,
            tagInventoryEvent: { epcHex: epc, antennaPort: 1, peakRssiCdbm: -5000 },
          }
        : {
            type: 'INVENTORY',
            timestamp: '2026-11-21T08:59:59.000+0000',
            filler,
            data: { idHex: epc, antenna: 1, peakRssi: -50 },
          };
    };
    const text = JSON.stringify(Array.from({ length: 10_000 }, (_, i) => event(i)));
    expect(text.length).toBeGreaterThan(3 * 1024 * 1024);
    await send(text);
    expect([reads.length, new Set(reads.map(({ epc }) => epc)).size, reader.status().rejected]).toEqual([
      10_000,
      10_000,
      {},
    ]);
  },
);
