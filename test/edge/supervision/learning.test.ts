import { describe, expect, test } from 'vitest';
import type { ReaderMemory } from '../../../src/readers/reader-memory.ts';
import { createActivity } from '../../../src/supervision/activity.ts';
import { createClockOffset } from '../../../src/supervision/clock-offset.ts';
import { createHeartbeats } from '../../../src/supervision/heartbeats.ts';
import { createHours } from '../../../src/supervision/hours.ts';
import { batchOf, type TagRead } from '../../../src/tags/index.ts';

const t0 = Date.parse('2026-11-21T09:00:00Z');
const minute = 60_000;
const read = (antenna: number, receivedAt: number): TagRead => ({
  reader: 'r1',
  idType: 'epc',
  epc: '3034257BF7194E4000001A85',
  pc: null,
  tid: null,
  antenna,
  rssi: -50,
  count: 1,
  round: false,
  at: receivedAt,
  receivedAt,
  frequencyKhz: null,
  phaseDeg: null,
  seq: null,
});

/** A reader with two antennas; `work` makes each read so often in each of so many minutes. */
function bench(memory: ReaderMemory | null = null) {
  const activity = createActivity({ '1': 'dock', '2': 'shelf' }, memory);
  let time = t0;
  const health = () => activity.antennas(time, []).map((antenna) => antenna.health);
  return {
    activity,
    health,
    baseline: () => activity.antennas(time, []).map((antenna) => antenna.baseline),
    work: (minutes: number, ...reads: number[]) => {
      for (let m = 0; m < minutes; m++) {
        reads.forEach((count, i) => {
          for (let r = 0; r < count; r++) activity.reads(batchOf([read(i + 1, time + r)]), () => undefined);
        });
        time += minute;
        activity.turn(time, true);
      }
    },
    pass: (minutes: number) => {
      for (let m = 0; m < minutes; m++) {
        time += minute;
        activity.turn(time, true);
      }
    },
  };
}

describe('an antenna’s own baseline', () => {
  test('is learned over thirty working minutes and told per second', () => {
    const { work, health, baseline } = bench();
    work(29, 12, 60);
    expect(health()).toEqual(['learning', 'learning']);
    work(2, 12, 60);
    expect(health()).toEqual(['ok', 'ok']);
    expect(baseline()).toEqual([0.2, 1]);
  });

  test('an antenna that falls silent while the other reads is dead after ten working minutes, not after nine', () => {
    const { work, health } = bench();
    work(60, 12, 12);
    work(9, 12, 0);
    expect(health()[1]).not.toBe('dead');
    work(1, 12, 0);
    expect(health()).toEqual(['ok', 'dead']);
    work(10, 12, 12);
    expect(health()).toEqual(['ok', 'ok']);
  });

  test('an antenna that reads less than a fifth of what is usual is quiet', () => {
    const { work, health } = bench();
    work(60, 12, 60);
    work(10, 12, 10);
    expect(health()).toEqual(['ok', 'quiet']);
    work(10, 12, 15);
    expect(health()).toEqual(['ok', 'ok']);
  });

  test('an antenna that seldom reads is not called dead for a silence that chance explains', () => {
    const { work, health } = bench();
    work(60, 12, 1);
    work(10, 12, 0);
    expect(health()).toEqual(['ok', 'ok']);
  });

  test('does not move while nobody reads: a night makes no antenna dead', () => {
    const { work, pass, health, baseline } = bench();
    work(60, 12, 12);
    const before = baseline();
    pass(600);
    expect(health()).toEqual(['ok', 'ok']);
    expect(baseline()).toEqual(before);
  });

  test('forgets: where goods were taken away for good, silence becomes usual within days of work', () => {
    const { work, health } = bench();
    work(1200, 12, 12);
    work(600, 12, 0);
    expect(health()).toEqual(['ok', 'dead']);
    work(2400, 12, 0);
    expect(health()).toEqual(['ok', 'ok']);
  });

  test('outlives a restart', () => {
    const first = bench();
    first.work(60, 12, 12);
    const second = bench(JSON.parse(JSON.stringify(first.activity.memory())));
    expect(second.health()).toEqual(['ok', 'ok']);
    expect(second.baseline()).toEqual(first.baseline());
    second.work(10, 12, 0);
    expect(second.health()).toEqual(['ok', 'dead']);
  });
});

describe('the hours of a reader', () => {
  test('are known after two such hours, and tell busy from quiet ones', () => {
    const hours = createHours();
    const hour = 3_600_000;
    const day = (n: number) => {
      for (let m = 0; m < 60; m++) {
        hours.endMinute(t0 + n * 24 * hour + m * minute, true);
        hours.endMinute(t0 + n * 24 * hour + 14 * hour + m * minute, false);
      }
    };
    day(0);
    expect(hours.usual(t0)).toBeNull();
    day(1);
    expect(hours.usual(t0)).toBeCloseTo(1);
    expect(hours.usual(t0 + 14 * hour)).toBeCloseTo(0);
    expect(hours.usual(t0 + 3 * hour)).toBeNull();
  });

  test('do not learn from minutes in which the reader could not read', () => {
    const activity = createActivity({ '1': 'dock' }, null);
    for (let m = 0; m < 200; m++) activity.turn(t0 + m * 1000 * 15, false);
    expect(activity.memory().hours.every(([, , minutes]) => minutes === 0)).toBe(true);
  });
});

describe('heartbeats', () => {
  test('three missed ones are a silence, by the longest of the newest intervals', () => {
    const beats = createHeartbeats();
    for (const s of [0, 10, 20, 40]) beats.beat(null, t0 + s * 1000);
    expect(beats.silentFor(t0 + 100_000)).toBeNull();
    expect(beats.silentFor(t0 + 101_000)).toBe(61);
  });

  test('anything else that is heard ends the silence', () => {
    const beats = createHeartbeats();
    for (const s of [0, 10, 20]) beats.beat(null, t0 + s * 1000);
    beats.heard(t0 + 60_000);
    expect(beats.silentFor(t0 + 80_000)).toBeNull();
    expect(beats.silentFor(t0 + 95_000)).toBe(35);
  });

  test('of a reader that never had any are not missed, nor before their rhythm is known', () => {
    const beats = createHeartbeats();
    beats.heard(t0);
    expect(beats.silentFor(t0 + 9_000_000)).toBeNull();
    beats.beat(null, t0);
    expect(beats.silentFor(t0 + 9_000_000)).toBeNull();
  });

  test('that were held back and come at once keep their rhythm by the reader’s clock', () => {
    const beats = createHeartbeats();
    for (const s of [0, 30, 60, 90]) beats.beat(t0 + s * 1000, t0 + 90_000 + s);
    expect(beats.silentFor(t0 + 90_000 + 80_000)).toBeNull();
    expect(beats.silentFor(t0 + 90_000 + 91_000)).toBe(91);
  });
});

describe('a reader’s clock', () => {
  test('that is wrong is off by the same in every second; a backlog by ever less', () => {
    const wrong = createClockOffset();
    const backlog = createClockOffset();
    for (let s = 0; s < 10; s++) {
      for (let i = 0; i < 50; i++) {
        wrong.add(-90_000 + i, t0 + s * 1000 + i);
        backlog.add(-90_000 + s * 5_000, t0 + s * 1000 + i);
      }
    }
    expect(wrong.overSeconds()).toEqual({ offsetMs: -90_000, spreadMs: 0, seconds: 10 });
    expect(backlog.overSeconds()).toEqual({ offsetMs: -65_000, spreadMs: 45_000, seconds: 10 });
    expect(wrong.median()).toBe(-89_966);
  });
});
