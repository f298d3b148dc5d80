import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIsoReader, createIsoTexts, readIsoTime } from '../../../../src/protocols/messages/iso-time.ts';
import { createTextBytes, filled } from '../../../../src/protocols/messages/scan/text-bytes.ts';

const pattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|[+-]\d\d:?\d\d)?$/;

/** The same by `Date`: what the parser was before. */
function byDate(text: string): { wall: number; isZoned: boolean } | null {
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset] = pattern.exec(text.trim()) ?? [];
  if (year === undefined) return null;
  const [mo, d, h, mi, s] = [month, day, hour, minute, second].map(Number) as [number, number, number, number, number];
  const wall = Date.UTC(Number(year), mo - 1, d, h, mi, s, Number(fraction.padEnd(3, '0').slice(0, 3)));
  const date = new Date(wall);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || h > 23 || mi > 59 || s > 60) return null;
  if (offset === undefined) return { wall, isZoned: false };
  const digits = offset === 'Z' ? '0000' : offset.slice(1).replace(':', '');
  const ahead = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return { wall: wall - (offset.startsWith('-') ? -ahead : ahead), isZoned: true };
}

const digits = (size: number) => fc.integer({ min: 0, max: 10 ** size - 1 }).map((n) => String(n).padStart(size, '0'));
const near = (...values: string[]) => fc.oneof(fc.constantFrom(...values), digits(2));
const year = fc.oneof(
  fc.constantFrom('0000', '0099', '0100', '1900', '1970', '2000', '2024', '2026', '2100'),
  digits(4),
);
const seconds = fc.tuple(
  near('00', '59', '60', '61'),
  fc.constantFrom('.', ','),
  fc.integer({ min: 0, max: 13 }),
  digits(13),
);
const zone = fc.oneof(
  fc.constantFrom('', 'Z', 'z', '+', '+02', '+02:00', '-0930', '+0000', '-23:59', '+99:99', '+2:00', ' Z'),
  fc.tuple(fc.constantFrom('+', '-'), digits(2), fc.constantFrom(':', ''), digits(2)).map((parts) => parts.join('')),
);
const times = fc
  .tuple(
    year,
    near('00', '01', '02', '12', '13'),
    near('00', '28', '29', '30', '31', '32'),
    fc.constantFrom('T', ' ', 't'),
  )
  .chain(([y, mo, d, mark]) =>
    fc
      .tuple(near('00', '23', '24'), near('00', '59', '60'), fc.option(seconds, { nil: null }), zone)
      .map(([h, mi, s, z]) => {
        const second = s === null ? '' : `:${s[0]}${s[2] === 0 ? '' : s[1] + s[3].slice(0, s[2])}`;
        return `${y}-${mo}-${d}${mark}${h}:${mi}${second}${z}`;
      }),
  );
const damaged = fc
  .tuple(times, fc.nat(45), fc.constantFrom('', '0', ' ', 'x', '-', 'é', '\u0000', '１', '\u00a0'))
  .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + 1));
const padded = fc
  .tuple(fc.constantFrom('', ' ', '\t\n', '\u00a0', '\ufeff'), times)
  .map(([blank, text]) => blank + text + blank);

describe('times in ISO 8601', () => {
  test('are what Date makes of them, and what it does not take is none', () => {
    const read = createIsoTexts();
    fc.assert(
      fc.property(fc.oneof(times, damaged, padded, fc.string()), (text) => {
        expect(read(text)).toEqual(byDate(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('are the same for every day and second of a leap year and its neighbours', () => {
    const read = createIsoTexts();
    for (let at = Date.UTC(2023, 11, 1); at < Date.UTC(2025, 2, 3); at += 3_599_987) {
      expect(read(new Date(at).toISOString())).toEqual({ wall: at, isZoned: true });
    }
  });

  test('end where their text ends, also where the bytes of an older text stand behind it', () => {
    const reader = createIsoReader();
    const text = createTextBytes(64);
    fc.assert(
      fc.property(times, times, (older, newer) => {
        filled(text, Buffer.from(`${older}"`));
        readIsoTime(reader, text, 0);
        const whole = filled(text, Buffer.from(newer));
        const end = readIsoTime(reader, whole, 0);
        const due = byDate(newer);
        if (due !== null) expect([end, reader.at[0], reader.isZoned]).toEqual([newer.length, due.wall, due.isZoned]);
        else expect(end).not.toBe(newer.length);
      }),
      { numRuns: 5_000 },
    );
  });
});
