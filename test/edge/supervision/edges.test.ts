import { describe, expect, test } from 'vitest';
import { createStatusTracker } from '../../../src/readers/status-tracker.ts';
import { createEpisodes } from '../../../src/supervision/episodes.ts';
import type { Facts } from '../../../src/supervision/facts.ts';
import { findingsOf } from '../../../src/supervision/findings.ts';
import { createHeartbeats } from '../../../src/supervision/heartbeats.ts';
import { createRateWindow } from '../../../src/supervision/rate-window.ts';
import { createSequence } from '../../../src/supervision/sequence.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { batchOf, type TagRead } from '../../../src/tags/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { antenna, factsOf, failedBy, minute, now } from './facts-fixture.ts';

const hour = 60 * minute;
const codesOf = (facts: Partial<Facts>) => findingsOf(factsOf(facts)).map(({ code }) => code);
const condition = (more: Partial<Facts['condition']>) => ({ ...factsOf().condition, ...more });
const complaint = (error: string, at: number) => ({
  condition: condition({ complaints: [{ error, text: error, at, count: 1 }] }),
});
const warned = (code: string, at: number) => ({ warnings: { [code]: 1 }, warnedAt: new Map([[code, at]]) });
const said = (is: 'stopped' | 'armed', at: number) => ({
  condition: condition({ inventory: { is, at } }),
  lastReadAt: now - hour,
});
const waiting = { ...factsOf().link, state: 'waiting', error: 'cut' } as const;

/** The facts of something that happened so many ms ago, and up to when exactly it counts. */
const windows: [code: string, lastMs: number, at: (ago: number) => Partial<Facts>][] = [
  ['READER_ANTENNA_BAD', hour, (ago) => complaint('antenna', now - ago)],
  ['READER_HOT', 15 * minute, (ago) => complaint('temperature', now - ago)],
  ['READER_COMPLAINS', hour - 1, (ago) => complaint('internal', now - ago)],
  ['READER_GAPS', hour, (ago) => ({ missing: { count: 1, at: now - ago } })],
  ['READER_OVERFLOW', hour, (ago) => warned('READER_OVERFLOW', now - ago)],
  ['READER_BUFFER_FILLING', 5 * minute, (ago) => warned('READER_BUFFER_FILLING', now - ago)],
  [
    'READER_CATCHING_UP',
    minute - 1,
    (ago) => ({ lastReadAt: now - ago, clock: { offsetMs: -60_000, spreadMs: 50_000, seconds: 9 } }),
  ],
  ['READER_IN_USE', 30_000 - 1, (ago) => ({ link: waiting, session: failedBy('otherClient', { at: now - ago }) })],
];

/** What has to last for so many ms, and from when exactly it counts. */
const patience: [code: string, firstMs: number, at: (ago: number) => Partial<Facts>][] = [
  ['READER_QUIET', 10 * minute + 1, (ago) => ({ lastReadAt: now - ago })],
  ['READER_STOPPED', 15_000, (ago) => said('stopped', now - ago)],
  ['READER_ARMED', 15_000, (ago) => said('armed', now - ago)],
];

describe('the edge of a window', () => {
  test.each(windows)('%s stands up to %i ms after, and no longer', (code, lastMs, at) => {
    expect(codesOf(at(lastMs))).toContain(code);
    expect(codesOf(at(lastMs + 1))).not.toContain(code);
  });

  test.each(patience)('%s stands from %i ms on, and not before', (code, firstMs, at) => {
    expect(codesOf(at(firstMs))).toContain(code);
    expect(codesOf(at(firstMs - 1))).not.toContain(code);
  });

  test('of the rate is ten seconds: a read counts in the second it came in and in the nine after', () => {
    const window = createRateWindow();
    const start = 1_000_000_000_000;
    window.add(start + 999);
    window.add(start + 1_000);
    expect([9_999, 10_000, 10_999, 11_000].map((ms) => window.rate(start + ms))).toEqual([0.2, 0.1, 0.1, 0]);
  });

  test('of five losses is an hour from the first to now', () => {
    const losses = createEpisodes(5);
    for (const at of [0, 1, 2, 3]) losses.add(at);
    expect(losses.often(3, hour)).toBe(false);
    losses.add(4);
    expect([losses.often(hour, hour), losses.often(hour + 1, hour)]).toEqual([true, false]);
    losses.add(5);
    expect(losses.often(hour + 1, hour)).toBe(true);
  });

  test('of a silence is three of the longest heartbeats, not before two are known', () => {
    const heartbeats = createHeartbeats();
    heartbeats.beat(null, 0);
    heartbeats.beat(null, 20_000);
    expect(heartbeats.silentFor(900_000)).toBeNull();
    heartbeats.beat(null, 40_000);
    expect([heartbeats.silentFor(100_000), heartbeats.silentFor(100_001)]).toEqual([null, 60]);
  });

  test('of a gap in a sequence is a minute, in which a late read may fill it', () => {
    const sequence = createSequence();
    sequence.take(1, 0, 0);
    sequence.take(3, 1_000, 1_000);
    expect([sequence.missing(60_999).count, sequence.missing(61_000).count]).toEqual([0, 1]);
    sequence.take(2, 500, 61_000);
    expect(sequence.missing(61_000).count).toBe(0);
  });

  test('of weak power is ten dB under its most', () => {
    const at = (power: number) => ({ lastReadAt: now - 11 * minute, set: { power, mostPower: 30, isFiltered: false } });
    expect(codesOf(at(20))).toContain('READER_POWER_LOW');
    expect(codesOf(at(20.1))).not.toContain('READER_POWER_LOW');
  });

  test('of an antenna that never read is sixty working minutes', () => {
    const antennas = [antenna(1), antenna(2, { reads: 0, baseline: 0 })];
    expect(codesOf({ antennas, worked: 60 })).toContain('READER_ANTENNA_NEVER');
    expect(codesOf({ antennas, worked: 59 })).not.toContain('READER_ANTENNA_NEVER');
  });
});

/** A reader that is watched, in virtual time. */
function watched() {
  const clock = manualClock();
  const config = { id: 'r1', profile: 'p', link: { tcp: { host: 'h', port: 1 } }, antennas: { '1': 'here' } };
  const tracker = createStatusTracker({ config, mostPower: null, memory: null }, createSupervision, clock);
  const link = { state: 'open', since: clock.now(), error: null, fault: null, address: 'h:1' } as const;
  const main = () => tracker.status(link).findings[0]?.code;
  const read = () =>
    tracker.reads(
      batchOf([
        {
          reader: 'r1',
          idType: 'epc',
          epc: 'E280',
          pc: null,
          tid: null,
          rssi: null,
          count: 1,
          round: false,
          frequencyKhz: null,
          phaseDeg: null,
          antenna: 1,
          seq: null,
          at: clock.now(),
          receivedAt: clock.now(),
        } satisfies TagRead,
      ]),
    );
  return { clock, tracker, main, read };
}

describe('a reader that falls silent', () => {
  test('is quiet ten minutes after its last read, and well again with the next', async () => {
    const { clock, tracker, main, read } = watched();
    tracker.started('inventory started');
    await clock.advance(10 * minute);
    expect(main()).toBe('READER_WAITING');
    await clock.advance(1);
    expect(main()).toBe('READER_QUIET');
    read();
    expect(main()).toBe('READER_OK');
    await clock.advance(10 * minute);
    expect(main()).toBe('READER_OK');
    await clock.advance(1);
    expect(main()).toBe('READER_QUIET');
  });

  test('has its ten minutes anew after its session began again', async () => {
    const { clock, tracker, main } = watched();
    tracker.started('inventory started');
    await clock.advance(9 * minute);
    tracker.started('inventory started');
    await clock.advance(10 * minute);
    expect(main()).toBe('READER_WAITING');
    await clock.advance(1);
    expect(main()).toBe('READER_QUIET');
  });
});
