import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createZone, zoneProblems } from '../../../src/kit/index.ts';

const wall = (text: string) => Date.parse(`${text}Z`);
const utc = (zone: string, text: string, near = 0) =>
  new Date(createZone(zone).epoch(wall(text), near)).toISOString().replace('.000', '');

describe('a place’s time', () => {
  test.each([
    ['Asia/Taipei', '2026-11-30T19:28:40', '2026-11-30T11:28:40Z'],
    ['Asia/Kathmandu', '2026-11-30T05:45:00', '2026-11-30T00:00:00Z'],
    ['America/New_York', '2026-01-15T12:00:00', '2026-01-15T17:00:00Z'],
    ['America/New_York', '2026-07-15T12:00:00', '2026-07-15T16:00:00Z'],
    ['Australia/Lord_Howe', '2026-01-01T11:00:00', '2026-01-01T00:00:00Z'],
    ['UTC', '2026-01-01T11:00:00', '2026-01-01T11:00:00Z'],
  ])('%s: %s is %s', (zone, text, expected) => {
    expect(utc(zone, text)).toBe(expected);
  });

  test('an hour that the clocks leave out counts by the offset before: 02:30 is 03:30', () => {
    expect(utc('America/New_York', '2026-03-08T01:59:59')).toBe('2026-03-08T06:59:59Z');
    expect(utc('America/New_York', '2026-03-08T02:30:00')).toBe('2026-03-08T07:30:00Z');
    expect(utc('America/New_York', '2026-03-08T03:30:00')).toBe('2026-03-08T07:30:00Z');
  });

  test('of an hour that comes twice, the one nearer to the given time is meant', () => {
    const first = '2026-11-01T05:30:00Z';
    const second = '2026-11-01T06:30:00Z';
    expect(utc('America/New_York', '2026-11-01T01:30:00', Date.parse(first))).toBe(first);
    expect(utc('America/New_York', '2026-11-01T01:30:00', Date.parse(second) + 2_000)).toBe(second);
    expect(utc('America/New_York', '2026-11-01T01:30:00')).toBe(first);
  });

  test('every time that its clocks show leads back to itself', () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Taipei', 'Australia/Lord_Howe', 'America/St_Johns'].map(
      createZone,
    );
    const times = fc.integer({ min: wall('2015-01-01T00:00:00') / 1000, max: wall('2040-01-01T00:00:00') / 1000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), times, (zone, second) => {
        const at = second * 1000;
        expect(zone.epoch(at + zone.offsetMinutes(at) * 60_000, at)).toBe(at);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a name that is no zone is a problem that says what is allowed', () => {
    expect(zoneProblems('/site/timeZone', 'Asia/Taipeh')).toEqual([
      {
        pointer: '/site/timeZone',
        found: 'Asia/Taipeh',
        allowed: 'an IANA time zone such as Asia/Taipei, Europe/Berlin or UTC',
      },
    ]);
    expect(zoneProblems('/site/timeZone', 'Asia/Taipei')).toEqual([]);
    expect(() => createZone('Mars/Base')).toThrow(RangeError);
  });
});
