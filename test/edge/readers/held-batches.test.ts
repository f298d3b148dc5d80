import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GatewayError, silentLog } from '../../../src/kit/index.ts';
import type { ByteLinkEvents, LinkMessage } from '../../../src/links/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ReaderAnswer } from '../../../src/protocols/sink.ts';
import { openByteReader } from '../../../src/readers/bytes/byte-reader.ts';
import { openReader, type Pressure, type Reader, type ReaderOptions } from '../../../src/readers/index.ts';
import { createIntake } from '../../../src/readers/intake.ts';
import { createStatusTracker } from '../../../src/readers/status-tracker.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { heldLine } from '../../fakes/held-line.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const full = new GatewayError('STORE_FULL', 'the disk is full');
const answer: ReaderAnswer = { command: 'getPower', ok: true, error: null, routine: false, fields: {} };
const config = { id: 'r', profile: 'generic/json', link: { mqtt: { topic: 't' } }, antennas: { '1': 'here' } };

/** A message reader whose disk and whose topic are in the test's hand. */
function messages(pressure: Pressure = () => null, link: ReaderOptions['link'] = config.link) {
  const clock = manualClock();
  const { onReads, held } = heldLine();
  let take: (message: LinkMessage) => Promise<void> = async () => undefined;
  const mqtt = {
    subscribe: (_: string, handler: typeof take) => {
      take = handler;
    },
    publish: async () => undefined,
    state: () => ({ state: 'open', since: 0, error: null, fault: null }) as const,
  };
  const profile = profiles.get('generic/json');
  const reader = openReader({
    supervise: createSupervision,
    config: { ...config, link },
    pressure,
    profile,
    mqtt,
    clock,
    log: silentLog,
    random: () => 0.5,
    onReads,
  });
  reader.start();
  const say = (...members: readonly unknown[]) => {
    const payload = Buffer.from(JSON.stringify({ reads: members }));
    return take({ topic: 't', payload, redelivered: false, retained: false, at: clock.now() });
  };
  return { reader, held, say };
}

const tag = (n: number) => ({ epc: `E2000000000000000000${String(n).padStart(4, '0')}`, antenna: 1 });
const counted = (reader: Reader) => {
  const { reads, rejected } = reader.status();
  return { reads, rejected };
};

test('a later message that is on disk first is acknowledged at once, and counted behind the one before it', async () => {
  const { reader, held, say } = messages();
  const first = say(tag(1), tag(2), null);
  const second = say(tag(3));
  expect(held.map(({ reads }) => reads.length)).toEqual([2, 1]);
  held[1]?.keep();
  await second;
  expect(counted(reader)).toEqual({ reads: 0, rejected: {} });
  held[0]?.keep();
  await first;
  expect(counted(reader)).toEqual({ reads: 3, rejected: { NOT_OBJECT: 1 } });
});

test('a message that was refused is not counted and keeps no later one from being counted', async () => {
  const { reader, held, say } = messages();
  const first = say(tag(1), tag(2), null);
  const second = say(tag(3));
  held[1]?.keep();
  held[0]?.refuse(full);
  await expect(first).rejects.toBe(full);
  await second;
  expect(counted(reader)).toEqual({ reads: 1, rejected: {} });
});

test('messages are decided in the order in which they came, however long the disk takes for each', async () => {
  const { held, say } = messages();
  const all = Array.from({ length: 20 }, (_, n) => say(tag(n)));
  expect(held.map(({ reads }) => reads[0]?.epc)).toEqual(Array.from({ length: 20 }, (_, n) => tag(n).epc));
  for (const one of held.toReversed()) one.keep();
  await Promise.all(all);
});

/** A byte reader whose disk and whose line are in the test's hand; `holds` is what its link was asked for. */
function bytes(link: ReaderOptions['link'] = { serial: { path: '/dev/x' } }, pressure: Pressure = () => null) {
  const clock = manualClock();
  const { onReads, held } = heldLine();
  const profile = profiles.get('magicrf/m100');
  if (profile.kind !== 'bytes') throw new Error('needs a byte profile');
  let events: ByteLinkEvents | undefined;
  const holds: boolean[] = [];
  const nothing = () => undefined;
  const reader = openByteReader({
    supervise: createSupervision,
    config: { ...config, profile: profile.id, link },
    pressure,
    profile,
    openBytes: (given) => {
      events = given;
      return {
        open: nothing,
        giveUp: nothing,
        hold: (isHeld) => void holds.push(isHeld),
        write: async () => undefined,
        close: async () => undefined,
        state: () => ({ state: 'open', since: 0, error: null, fault: null }) as const,
      };
    },
    clock,
    log: silentLog,
    onReads,
  });
  const report = 'BB02220011C43000E200001D7315016521408FC6B83EC27E';
  const say = (reports: number) => events?.chunk(Buffer.from(report.repeat(reports), 'hex'), clock.now());
  return { clock, reader, held, holds, say };
}

test('reads of a byte channel that the disk refuses later are counted as STORE_FAILED, each batch by its own number', async () => {
  const { clock, reader, held, say } = bytes();
  say(2);
  say(1);
  held[1]?.keep();
  held[0]?.refuse(full);
  await clock.advance(0);
  expect(counted(reader)).toEqual({ reads: 1, rejected: { STORE_FAILED: 2 } });
});

test('a byte channel is held while 64 batches wait for the disk, and goes on once few are left', async () => {
  const { clock, reader, held, holds, say } = bytes({ tcp: { host: '127.0.0.1', port: 1 } });
  for (let i = 0; i < 63; i++) say(1);
  expect(holds).toEqual([]);
  say(1);
  say(1);
  expect(holds).toEqual([true]);
  for (const one of held.slice(0, 49)) one.keep();
  await clock.advance(0);
  expect(holds).toEqual([true]);
  for (const one of held.slice(49)) one.keep();
  await clock.advance(0);
  expect(holds).toEqual([true, false]);
  expect(counted(reader)).toEqual({ reads: 65, rejected: {} });
});

test('what a serial line brings beyond 50,000 reads that wait is dropped and counted, and the line goes on', async () => {
  const { clock, reader, held, say } = bytes();
  for (let i = 0; i < 60; i++) say(1_000);
  expect(held).toHaveLength(50);
  expect(counted(reader)).toEqual({ reads: 0, rejected: { BACKLOG_FULL: 10_000 } });
  for (const one of held.splice(0)) one.keep();
  await clock.advance(0);
  say(1);
  expect(held).toHaveLength(1);
  expect(counted(reader)).toEqual({ reads: 50_000, rejected: { BACKLOG_FULL: 10_000 } });
});

test('damage that comes while the disk hangs is counted, and does not pile up in memory', () => {
  const tracker = createStatusTracker({ config, mostPower: null, memory: null }, createSupervision, manualClock());
  const intake = createIntake('r', 1, tracker, () => undefined);
  intake.take();
  const rejected = () =>
    tracker.status({ state: 'open', since: 0, error: null, fault: null, address: '' }).rejected['JUNK'] ?? 0;
  for (let i = 0; i < 2_000; i++) {
    intake.sink.bad('JUNK', new Uint8Array(1), 0);
    intake.take().settle('kept');
  }
  expect(rejected()).toBeGreaterThan(900);
});

test('a reader hands its answer on at once, once, though the reads beside it still wait for the disk', () => {
  const told: ReaderAnswer[] = [];
  const tracker = createStatusTracker({ config, mostPower: null, memory: null }, createSupervision, manualClock());
  const intake = createIntake('r', 1, tracker, (one) => void told.push(one));
  intake.sink.answer(answer);
  intake.sink.bad('JUNK', new Uint8Array(1), 0);
  const batch = intake.take();
  batch.answer();
  expect(told).toEqual([answer]);
  batch.settle('kept');
  expect(told).toEqual([answer]);
  const status = tracker.status({ state: 'open', since: 0, error: null, fault: null, address: '' });
  expect(status.rejected).toEqual({ JUNK: 1 });
});

/** A journal that says whether it is full. */
function journal() {
  let isFull = false;
  let open: () => void = () => undefined;
  let room = Promise.resolve();
  return {
    pressure: () => (isFull ? room : null),
    fill: () => {
      isFull = true;
      room = new Promise((resolve) => {
        open = resolve;
      });
    },
    empty: () => {
      isFull = false;
      open();
    },
  };
}

test('while the journal is full, a message whose reader waits for the disk is not decided on; then all are, in their order', async () => {
  const { pressure, fill, empty } = journal();
  const { held, say } = messages(pressure);
  fill();
  const all = [say(tag(1)), say(tag(2)), say(tag(3))];
  await new Promise(setImmediate);
  expect(held.map(({ reads }) => reads[0]?.epc)).toEqual([tag(1).epc]);
  empty();
  // It comes before those that wait have had their turn.
  all.push(say(tag(4)));
  await new Promise(setImmediate);
  expect(held.map(({ reads }) => reads[0]?.epc)).toEqual([1, 2, 3, 4].map((n) => tag(n).epc));
  for (const one of held) one.keep();
  await Promise.all(all);
});

test('while the journal is full, a reader of which nothing waits for the disk goes on', async () => {
  const { pressure, fill } = journal();
  const { reader, held, say } = messages(pressure);
  fill();
  for (const n of [1, 2, 3]) {
    const said = say(tag(n));
    held[n - 1]?.keep();
    await said;
  }
  expect(counted(reader)).toEqual({ reads: 3, rejected: {} });
});

test('a message that is refused after it had waited for room does not keep the next from being taken', async () => {
  const { pressure, fill, empty } = journal();
  const { held, say } = messages(pressure);
  fill();
  const [first, second, third] = [say(tag(1)), say(tag(2)), say(tag(3))];
  empty();
  await new Promise(setImmediate);
  held[1]?.refuse(full);
  await expect(second).rejects.toBe(full);
  held[0]?.keep();
  held[2]?.keep();
  await Promise.all([first, third]);
});

test('while the journal is full, one body of a reader may wait for the disk, and the next is OVERLOADED', async () => {
  const { pressure, fill, empty } = journal();
  const { reader, held } = messages(pressure, { http: {} });
  const push = async (n: number) => reader.push?.take(Buffer.from(JSON.stringify({ reads: [tag(n)] })));
  fill();
  const first = push(1);
  await expect(push(2)).rejects.toMatchObject({ code: 'OVERLOADED' });
  empty();
  const second = push(2);
  for (const one of held) one.keep();
  expect(await first).toMatchObject({ reads: 1 });
  expect(await second).toMatchObject({ reads: 1 });
});

test('while the journal is full, a byte channel is held from the first batch that waits, and goes on when it is on disk', async () => {
  const { pressure, fill } = journal();
  const { clock, held, holds, say } = bytes({ tcp: { host: '127.0.0.1', port: 1 } }, pressure);
  say(1);
  held[0]?.keep();
  await clock.advance(0);
  fill();
  say(1);
  expect(holds).toEqual([true]);
  held[1]?.keep();
  await clock.advance(0);
  expect(holds).toEqual([true, false]);
});
