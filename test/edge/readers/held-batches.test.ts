import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GatewayError, silentLog } from '../../../src/kit/index.ts';
import type { ByteLinkEvents, LinkMessage } from '../../../src/links/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ReaderAnswer } from '../../../src/protocols/sink.ts';
import { openByteReader } from '../../../src/readers/bytes/byte-reader.ts';
import { openReader, type Reader } from '../../../src/readers/index.ts';
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
function messages() {
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
    config,
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

test('reads of a byte channel that the disk refuses later are counted as STORE_FAILED, each batch by its own number', async () => {
  const clock = manualClock();
  const { onReads, held } = heldLine();
  const profile = profiles.get('magicrf/m100');
  if (profile.kind !== 'bytes') throw new Error('needs a byte profile');
  let events: ByteLinkEvents | undefined;
  const nothing = () => undefined;
  const reader = openByteReader({
    supervise: createSupervision,
    config: { ...config, profile: profile.id, link: { serial: { path: '/dev/x' } } },
    profile,
    openBytes: (given) => {
      events = given;
      const state = () => ({ state: 'open', since: 0, error: null, fault: null }) as const;
      return { open: nothing, giveUp: nothing, write: async () => undefined, close: async () => undefined, state };
    },
    clock,
    log: silentLog,
    onReads,
  });
  const report = 'BB02220011C43000E200001D7315016521408FC6B83EC27E';
  const say = (hex: string) => events?.chunk(Buffer.from(hex, 'hex'), clock.now());
  say(report + report);
  say(report);
  held[1]?.keep();
  held[0]?.refuse(full);
  await clock.advance(0);
  expect(counted(reader)).toEqual({ reads: 1, rejected: { STORE_FAILED: 2 } });
});

test('an answer is told at once, once, though the reads beside it still wait for the disk', () => {
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
