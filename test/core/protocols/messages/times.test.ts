import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createZone } from '../../../../src/kit/index.ts';
import { openDecoder } from '../../../../src/profiles/index.ts';
import { readTime, type TimeFormat } from '../../../../src/protocols/messages/time.ts';
import type { ReadMap } from '../../../../src/protocols/vocabulary/read-map.ts';
import { E1, profiles } from '../../../edge/readers/messages/scene.ts';

const at = Date.parse('2026-11-30T11:28:40.123Z');
const inUnits = { s: at / 1000, ms: at, us: at * 1000, ns: at * 1_000_000 } as const;
const decoded = (map: ReadMap, payload: string, zone?: string) =>
  openDecoder(profiles.get('generic/json'), map, zone === undefined ? undefined : createZone(zone)).push(payload);
const csv: ReadMap = {
  payload: 'csv',
  header: true,
  id: [{ path: 'epc' }],
  time: [{ path: 'when', format: 'iso' }],
};

describe('the unit of a time', () => {
  test.each(
    (['s', 'ms', 'us', 'iso'] as const).flatMap((due) =>
      (['s', 'ms', 'us', 'ns'] as const).map((found) => [found, due] as const),
    ),
  )('%s where %s is due is recognised, also as text', (found, due) => {
    for (const value of [inUnits[found], String(inUnits[found])]) {
      const read = readTime(value, due, null, 0);
      expect(read?.format).toBe(found);
      expect(Math.abs((read?.at ?? 0) - at)).toBeLessThanOrEqual(1);
    }
  });

  test('a text in ISO 8601 where a number is due is taken as what it is', () => {
    expect(readTime('2026-11-30T11:28:40.123Z', 'ms', null, 0)).toEqual({ at, format: 'iso', isZoned: true });
  });

  test('what fits the format that is due is never taken for another, and a clock that was never set stays 1970', () => {
    const day = 86_400_000;
    const times = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2100, 0, 1) - day });
    fc.assert(
      fc.property(times, fc.constantFrom<TimeFormat>('s', 'ms', 'us'), (ms, due) => {
        const per = { s: 0.001, ms: 1, us: 1000, iso: 1 }[due];
        expect(readTime(Math.floor(ms * per), due, null, 0)?.format).toBe(due);
      }),
    );
    expect(readTime(200_000, 'ms', null, 0)).toEqual({ at: 200_000, format: 'ms', isZoned: true });
    expect(readTime(0, 'ms', null, 0)?.at).toBe(0);
  });

  test('is said once a decoder, with what was due; the reads get their true time', () => {
    const outcomes = openDecoder(profiles.get('generic/json')).push(
      JSON.stringify({ reads: [1, 2].map((more) => ({ epc: E1, at: Math.floor(at / 1000) + more })) }),
    );
    expect(outcomes).toMatchObject([
      { kind: 'remark', code: 'READER_TIME_UNIT', found: 's', due: 'ms', format: 's' },
      { kind: 'read', at: Math.floor(at / 1000) * 1000 + 1000, warnings: [] },
      { kind: 'read', at: Math.floor(at / 1000) * 1000 + 2000, warnings: [] },
    ]);
  });

  test.each([
    [at * 1000, 'us'],
    [at * 1_000_000, 'ms'],
    ['2026-11-30T11:28:40Z', 'iso'],
  ])('names the format of a map that takes it: %s is %s', (t, format) => {
    const [remark] = decoded(
      { id: [{ path: 'epc' }], time: [{ path: 't', format: 'ms' }] },
      JSON.stringify({ epc: E1, t }),
    );
    expect(remark).toMatchObject({ kind: 'remark', code: 'READER_TIME_UNIT', format });
  });

  test('a place may be named with several formats: the one that fits is taken, and nothing is said', () => {
    const map: ReadMap = {
      id: [{ path: 'epc' }],
      time: [
        { path: 't', format: 'us' },
        { path: 't', format: 'iso' },
      ],
    };
    const times = [at * 1000, '2026-11-30T11:28:40.123Z'];
    expect(times.flatMap((t) => decoded(map, JSON.stringify({ epc: E1, t })))).toMatchObject([{ at }, { at }]);
    expect(decoded(map, JSON.stringify({ epc: E1, t: Math.floor(at / 1000) }))[0]).toMatchObject({
      due: 'µs',
      found: 's',
    });
  });
});

describe('a time without a zone', () => {
  const lines = `epc,when\n${E1},2026-11-30T19:28:40\n${E1},2025-04-17 11:42:08\n`;
  test('shows the clocks of the zone that is given', () => {
    expect(decoded(csv, lines, 'Asia/Taipei')).toMatchObject([
      { kind: 'read', at: Date.parse('2026-11-30T11:28:40Z') },
      { kind: 'read', at: Date.parse('2025-04-17T03:42:08Z') },
    ]);
    expect(decoded(csv, lines, 'Europe/Berlin')).toMatchObject([
      { kind: 'read', at: Date.parse('2026-11-30T18:28:40Z') },
      { kind: 'read', at: Date.parse('2025-04-17T09:42:08Z') },
    ]);
  });

  test('is none where no zone is given, which is said once', () => {
    expect(decoded(csv, lines)).toMatchObject([
      { kind: 'remark', code: 'READER_NO_TIME_ZONE' },
      { kind: 'read', at: null, warnings: ['TIME_UNPARSED'] },
      { kind: 'read', at: null, warnings: ['TIME_UNPARSED'] },
    ]);
  });

  test('of an event shows them too', () => {
    const heartbeat = JSON.stringify({ type: 'heartbeat', timestamp: '2026-11-30T19:28:40', data: {} });
    const at = (zone?: string) => {
      const decoder = openDecoder(profiles.get('zebra/iot-connector'), undefined, zone ? createZone(zone) : undefined);
      return decoder.push(heartbeat).find(({ kind }) => kind === 'event')?.['at'];
    };
    expect(at('Asia/Taipei')).toBe(Date.parse('2026-11-30T11:28:40Z'));
    expect(at()).toBeNull();
  });

  test('with its own zone keeps it', () => {
    expect(decoded(csv, `epc,when\n${E1},2026-11-30T19:28:40+0100\n`, 'Asia/Taipei')).toMatchObject([
      { at: Date.parse('2026-11-30T18:28:40Z') },
    ]);
  });
});
