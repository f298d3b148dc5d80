import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kit/index.ts';
import type { LinkMessage } from '../../../src/links/index.ts';
import { createPresence } from '../../../src/presence/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openReader, type Reader } from '../../../src/readers/index.ts';
import { createEffects } from '../../../src/supervision/effects.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf } from '../../../src/tags/index.ts';
import { arrayDoor } from '../../core/presence/array-door.ts';
import { readPoint } from '../../core/presence/fixtures.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);

/** A reader with two antennas before the presence room; `report` is a list of [antenna, serial number, count]. */
function scene() {
  const clock = manualClock();
  let take: (message: LinkMessage) => Promise<void> = async () => undefined;
  const mqtt = {
    subscribe: (_filter: string, handler: (message: LinkMessage) => Promise<void>) => {
      take = handler;
    },
    publish: () => Promise.resolve(),
    state: () => ({ state: 'open', since: 0, error: null, fault: null }) as const,
  };
  const presence = arrayDoor(
    createPresence({
      readPoints: [readPoint('shelf', 'shelf'), readPoint('far', 'shelf', { minRssi: -40 })],
      readPointOf: (_, antenna) => ({ 1: 'shelf', 2: 'far' })[antenna ?? 0] ?? null,
      identify: ({ epc }) => epc,
      count: (_, outcome, antenna, by) => reader.count(outcome, antenna, by),
      seed: 1,
    }),
  );
  const reader: Reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'r1',
      profile: 'generic/json',
      link: { mqtt: { topic: 't' } },
      antennas: { '1': 'shelf', '2': 'far' },
    },
    profile: profiles.get('generic/json'),
    mqtt,
    clock,
    log: silentLog,
    random: () => 0.5,
    onReads: async (reads, redelivered) => {
      for (const { change, antenna } of presence.take(readsOf(reads), clock.now(), redelivered)) {
        if (change === 'arrived' || change === 'glimpsed')
          reader.count(change.replace('glimpsed', 'GLIMPSED').replace('arrived', 'ARRIVED'), antenna);
      }
    },
  });
  reader.start();
  const report = (...rows: readonly (readonly [antenna: number, serial: number, count?: number])[]) => {
    const reads = rows.map(([antenna, serial, count = 1]) => ({
      epc: `${serial + 0xe280_0000}`.padStart(24, '0'),
      antenna,
      rssi: -50,
      count,
    }));
    return take({
      topic: 't',
      payload: Buffer.from(JSON.stringify({ reads })),
      redelivered: false,
      retained: false,
      at: clock.now(),
    });
  };
  const pass = async (ms: number) => {
    await clock.advance(ms);
    presence.expire(clock.now());
  };
  const found = () => reader.status().findings.map(({ code, state }) => `${code} ${state}`);
  return { report, pass, found, reader };
}

test('reads that are counted together are counted as many', () => {
  const { reader } = scene();
  reader.count('BELOW_FLOOR', 2, 50);
  reader.count('BELOW_FLOOR', 2);
  expect(reader.status().rejected).toEqual({ BELOW_FLOOR: 51 });
  const effects = createEffects(() => 7);
  effects.take('BELOW_FLOOR', 2, 50);
  effects.take('GLIMPSED', 2, 3);
  expect(effects.value().all).toMatchObject({ fruitless: 50, reasons: { BELOW_FLOOR: 50 }, waiting: 3, since: 7 });
});

const times = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('a reader of whose reads none has effect', () => {
  test('is never called well: first its tags wait, then they were strays; the first arrival ends it', async () => {
    const { report, pass, found } = scene();
    expect(found()).toEqual(['READER_WAITING ok']);
    await report([1, 1], [1, 2]);
    expect(found()).toEqual(['READER_UNCONFIRMED ok']);
    await pass(31_000);
    expect(found()).toEqual(['READER_ALL_STRAYS warn']);
    await report([1, 3]);
    expect(found()).toEqual(['READER_ALL_STRAYS warn']);
    await report([1, 4, 25]);
    expect(found()).toEqual(['READER_OK ok']);
  });

  test('names the reason that most of its reads have', async () => {
    const { report, found, reader } = scene();
    await report([2, 1], [2, 2], [7, 3]);
    expect(found()).toEqual(['READER_ALL_WEAK warn']);
    await report([7, 4], [7, 5]);
    expect(found()).toEqual(['READER_UNPLACED warn']);
    expect(reader.status().findings[0]?.params).toMatchObject({ reader: 'r1', reads: 3 });
  });
});

test('one antenna of whose reads none has effect stands beside a reader that is well', async () => {
  const { report, found, reader } = scene();
  for (const _ of times(20)) await report([1, 1, 25]);
  for (const n of times(19)) await report([2, n]);
  expect(found()).toEqual(['READER_OK ok']);
  await report([2, 19], [1, 1]);
  expect(found()).toEqual(['READER_OK ok', 'READER_ANTENNA_NO_EFFECT warn']);
  expect(reader.status().findings[1]?.params).toEqual({ reader: 'r1', antennas: '2', reasons: 'BELOW_FLOOR 20' });
});

test('a withheld token is an effect, and the antennas that are counted one by one are bounded', () => {
  const effects = createEffects(() => 7);
  effects.take('STRAY', null);
  expect(effects.value().all).toEqual({ any: false, fruitless: 1, since: 7, reasons: { STRAY: 1 }, waiting: 0 });
  effects.take('NO_CONSENT', null);
  expect(effects.value().all).toEqual({ any: true, fruitless: 0, since: 0, reasons: {}, waiting: 0 });
  for (const port of times(1_000)) effects.take('BELOW_FLOOR', port);
  expect(effects.value().antennas.size).toBe(256);
});

test('a tag that found no room is remembered beside reads that go on having effect', () => {
  const effects = createEffects(() => 7);
  effects.take('PRESENCE_FULL', 1);
  effects.take('REPEAT', 1);
  expect(effects.value()).toMatchObject({ all: { any: true, fruitless: 0 }, crowdedAt: 7 });
});
