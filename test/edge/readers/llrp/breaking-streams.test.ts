import { afterEach, describe, expect, test } from 'vitest';
import { fault } from '../../../../src/kit/index.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { epc96, message, report, tlv, u32 } from '../../../core/protocols/llrp/by-hand.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { keptLog } from '../../../fakes/kept-log.ts';
import { startLlrpServer } from '../../../fakes/llrp-server.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { profiles } from './scene.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A reader of a by-hand server over TCP, whose time is in the test’s hand. */
async function gateway(options: Partial<ReaderOptions> = {}) {
  const server = await startLlrpServer();
  const clock = manualClock();
  const { log, lines } = keptLog();
  const reads: TagRead[] = [];
  const id = options.profile ?? 'generic/llrp';
  const reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'r1',
      profile: id,
      link: { tcp: { host: '127.0.0.1', port: server.port } },
      antennas: { '1': 'here' },
      ...options,
    },
    profile: profiles.get(id),
    mqtt: null,
    clock,
    log,
    random: () => 0.5,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  });
  closing.push(
    () => server.close(),
    async () => {
      server.drop();
      await Promise.all([reader.stop(), clock.advance(20_000)]);
    },
  );
  reader.start();
  const link = () => reader.status().link;
  const main = () => reader.status().findings[0];
  return { server, clock, lines, reads, reader, link, main };
}

type Gateway = Awaited<ReturnType<typeof gateway>>;

/** Waits for the end of the connection, then lets time pass until the next one; gives the pause between. */
async function pauseAfterBreak({ clock, link, server, main }: Gateway, broken = 'READER_UNREADABLE'): Promise<number> {
  await eventually(() => link().state === 'waiting');
  const before = server.connections();
  expect(main()?.code).toBe(broken);
  const since = clock.now();
  while (link().state === 'waiting') await clock.advance(1);
  const pause = clock.now() - since;
  await eventually(() => server.connections() === before + 1);
  await eventually(() => link().state !== 'opening');
  return pause;
}

/** With a random of a half: three quarters of 250, 500, 1000, 2000, 3000 … */
const growing = [188, 375, 750, 1500, 2250, 2250, 2250];
const alive = message(62, []);
const breaks: [name: string, hex: string, said: RegExp][] = [
  ['two NUL bytes after a report', `${report(epc96)}0000${alive}`, /format of LLRP: it sent 0000043E… where a message/],
  ['a header with the length 9', `${report(epc96)}043E${u32(9)}${u32(1)}`, /KEEPALIVE says that it has 9 bytes/],
  ['another protocol', `${report(epc96)}${Buffer.from('HTTP/1.1 400 Bad').toString('hex')}`, /it sent 48545450…/],
  [
    'a report over 16 MiB',
    `${report(epc96)}043D${u32(16_777_217)}${u32(1)}`,
    /16777217 bytes, and 16777216 bytes \(16 MiB\)/,
  ],
];

describe('an LLRP stream that breaks on every connection', () => {
  test.each(breaks)(
    'pauses longer each time, reads what came before, and names the cause: %s',
    async (_, hex, said) => {
      const it = await gateway();
      const { server, reader, reads, lines, main, link, clock } = it;
      server.onReading(() => server.say(hex));
      const pauses: number[] = [];
      for (let i = 0; i < 6; i++) pauses.push(await pauseAfterBreak(it));
      // After the next break the reader mends its ways.
      await eventually(() => link().state === 'waiting');
      server.onReading(() => server.say(report(epc96)));
      pauses.push(await pauseAfterBreak(it));
      expect(pauses).toEqual(growing);
      await eventually(() => reads.length >= 7);
      expect(main()?.code).toBe('READER_UNREADABLE');
      expect(main()?.text).toMatch(said);
      expect(reader.status().lastError?.text).toMatch(said);

      // The finding stays for a minute of good work, and no longer.
      await eventually(() => reader.status().session.state === 'running' && link().state === 'open');
      expect(main()?.code).toBe('READER_UNREADABLE');
      for (let left = 60_000; left > 0; left -= 5_000) {
        await eventually(() => link().state === 'open');
        if (left === 5_000) expect(main()?.code).toBe('READER_UNREADABLE');
        const seen = reads.length;
        await clock.advance(5_000);
        server.say(report(epc96));
        await eventually(() => reads.length > seen);
      }
      expect(main()?.code).toBe('READER_OK');
      expect(link().error).toBeNull();

      // One line for each change of state: it opened, it broke, it is well again.
      expect(lines).toHaveLength(3);
      expect(lines[0]).toBe('info link is open');
      expect(lines[1]).toMatch(/^warn link is not open: .*LLRP/);
      expect(lines[2]).toBe('info link is open');

      // After good work a break begins with the shortest pause.
      server.say(hex);
      expect(await pauseAfterBreak(it)).toBe(188);
    },
    60_000,
  );

  test('that the reader cuts each time is not well while it is open, from the second time on', async () => {
    const it = await gateway();
    const { server, main, lines, reads } = it;
    const pauses: number[] = [];
    server.onReading(() => server.say(report(epc96)));
    for (let i = 1; i <= 5; i++) {
      await eventually(() => reads.length >= i);
      if (i > 2) expect(main()).toMatchObject({ code: 'READER_UNSTEADY', state: 'warn' });
      server.drop();
      pauses.push(await pauseAfterBreak(it, 'READER_OFFLINE'));
    }
    expect(pauses).toEqual(growing.slice(0, 5));
    expect(main()?.text).toContain('cut the connection');
    // The first two cuts may be accidents; from then on it is one state.
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'info link is open',
      'warn link is not open',
      'info link is open',
      'warn link is not open',
    ]);
  }, 60_000);
});

describe('a report of 30,000 tags', () => {
  const tag = (serial: number) =>
    tlv(
      240,
      `8D3005FB63AC1F3841${serial.toString(16).padStart(8, '0')}`,
      '810001',
      '86CE',
      '820004EC2EA8354C09840004EC2EA8354C09',
      '880001',
    );
  const tags = Array.from({ length: 30_000 }, (_, serial) => tag(serial));
  const large = Buffer.from(message(61, tags), 'hex');

  test('is read as it comes, whole, in one connection', async () => {
    const { server, reads, reader } = await gateway();
    expect(large.length).toBeGreaterThan(1_200_000);
    server.onReading(() => void server.saying(large));
    await eventually(() => reads.length >= 30_000, 20_000);
    expect(new Set(reads.map(({ epc }) => epc)).size).toBe(30_000);
    expect(reader.status()).toMatchObject({ rejected: {}, link: { state: 'open', error: null } });
    expect(server.connections()).toBe(1);
  }, 30_000);
});

/** What a reader may refuse: the types that are refused, and what the finding says is missing. */
const refusals: [name: string, refused: number[], profile: string, missing: RegExp][] = [
  ['SET_READER_CONFIG', [3], 'generic/llrp', /no events of antennas/],
  ['GET_READER_CAPABILITIES', [1], 'generic/llrp', /no model, power levels/],
  ['GET_ROSPECS', [26], 'generic/llrp', /whether another program/],
  ['ENABLE_EVENTS_AND_REPORTS', [64], 'generic/llrp', /nothing that it kept/],
  ['CUSTOM_MESSAGE', [1023], 'impinj/llrp', /maker added/],
];

describe('a reader that refuses a part of its set-up', () => {
  test.each(refusals)('is read without it, and the finding names it: %s', async (name, refused, profile, missing) => {
    const { server, reads, reader, main, lines } = await gateway({ profile });
    server.refuse(refused);
    await eventually(() => server.asked.includes(64));
    server.say(report(epc96));
    await eventually(() => reads.length === 1);
    await eventually(() => main()?.code === 'READER_PARTLY_SET_UP');
    expect(main()?.faults).toContainEqual(
      expect.objectContaining({ params: { step: name }, cause: fault('LLRP_STATUS_100') }),
    );
    expect(main()?.text).toContain(`It refuses ${name}: `);
    expect(main()?.text).toContain('a parameter is wrong (100)');
    expect(main()?.text).toMatch(missing);
    expect(main()?.text).not.toContain('ROSpec)');
    expect(reader.status().session.state).toBe('running');
    expect(server.connections()).toBe(1);
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  test.each([1, 2, 3, 21, 26, 41, 44, 46, 64].map((type) => [type]))(
    'reads without message %i, and without all of them',
    async (type) => {
      const { server, reads } = await gateway({ takeOver: true });
      server.refuse(type === 64 ? [1, 2, 3, 21, 26, 41, 44, 46, 64] : [type]);
      await eventually(() => server.asked.includes(64));
      server.say(report(epc96));
      await eventually(() => reads.length === 1);
    },
  );

  test.each([
    ['ADD_ROSPEC', 20],
    ['ENABLE_ROSPEC', 24],
    ['START_ROSPEC', 22],
  ])('cannot be read without %s, which the finding names', async (name, type) => {
    const { server, main, reads } = await gateway();
    server.refuse([type]);
    await eventually(() => main()?.code === 'READER_ROSPEC_REFUSED');
    expect(main()?.text).toContain(name);
    expect(reads).toEqual([]);
  });

  test('a maker’s own parameters are left out for a reader that refuses its maker’s extensions', async () => {
    const { server } = await gateway({ profile: 'impinj/llrp' });
    server.refuse([1023]);
    await eventually(() => server.asked.includes(64));
    expect(server.asked.filter((type) => type === 20)).toHaveLength(1);
  });

  test('that gives no keepalives is asked whether it lives, and is connected anew when it says nothing', async () => {
    const { server, clock, reader } = await gateway();
    server.refuse([3]);
    await eventually(() => reader.status().session.state === 'running');
    const asked = () => server.asked.filter((type) => type === 26).length;
    for (let probes = 1; probes <= 3; probes++) {
      await clock.advance(30_000);
      await eventually(() => asked() === 1 + probes);
      // The answer is in before the time for it is over.
      await eventually(() => reader.status().session.state === 'running');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.connections()).toBe(1);
    server.mute(true);
    await clock.advance(30_000);
    await eventually(() => asked() === 5);
    await clock.advance(10_000);
    await eventually(() => server.connections() === 2);
    expect(reader.status().lastError?.text).toContain('answers no more');
  });

  test('that lost the ROSpec and tells of no events is set up again', async () => {
    const { server, clock, reader } = await gateway();
    server.refuse([3]);
    await eventually(() => reader.status().session.state === 'running');
    const adds = () => server.asked.filter((type) => type === 20).length;
    expect(adds()).toBe(1);
    server.forget();
    await clock.advance(30_000);
    await eventually(() => adds() === 2);
  });
});

test('a set-up that fails is tried again, and over a new connection after every third failure, for ever', async () => {
  const { server, clock, main, lines } = await gateway();
  server.refuse([24]);
  for (let round = 1; round <= 3; round++) {
    for (let failure = 1; failure <= 3; failure++) {
      const tries = () => server.asked.filter((type) => type === 24).length;
      await eventually(() => tries() === 3 * (round - 1) + failure);
      await eventually(() => main()?.code === 'READER_ROSPEC_REFUSED');
      expect(server.connections()).toBe(round);
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(10_000);
    }
    await clock.advance(3_000);
    await eventually(() => server.connections() === round + 1);
  }
  expect(lines.filter((line) => line.includes('set-up failed'))).toHaveLength(1);
  expect(lines.length).toBeLessThan(5);
});
