import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc, parseTag } from '../../../src/tags/index.ts';
import { aiBits, binary, tagWith } from './aidc-reference.ts';

const two = (value: number) => String(value).padStart(2, '0');
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const years = [0, 1, 99, 100];
const dates = years.flatMap((year) =>
  range(0, 15).flatMap((month) => range(0, 31).map((day) => [year, month, day] as const)),
);

/** By the calendar of JavaScript, in a century whose year 00 is a leap year; day 0 stands for the whole month. */
function exists([year, month, day]: readonly [number, number, number]): boolean {
  if (year > 99 || month < 1 || month > 12) return false;
  return day === 0 || new Date(Date.UTC(2000 + year, month - 1, day)).getUTCMonth() === month - 1;
}

const bitsOf = ([year, month, day]: readonly [number, number, number]) =>
  binary(year, 7) + binary(month, 4) + binary(day, 5);

function read(ai: string, bits: string) {
  const result = decodeEpc(tagWith(aiBits(ai) + bits));
  return result.ok ? result.epc.data : [result.error.code, result.error.position];
}

/** What a data element beside a key is read as from text: itself, or a reason. */
function parsed(ai: string, value: string) {
  const result = parseTag(`(8018)952119800001000073(${ai})${value}`);
  return result.ok ? result.epc.data : result.error.code;
}

function written(ai: string, value: string) {
  const result = encodeEpc(`(8018)952119800001000073(${ai})${value}`, { scheme: 'gsrn+' });
  return result.ok ? result.epc.hex : result.error.code;
}

const aiStart = 84;

describe('dates in +AIDC data', () => {
  it('are those of the calendar, and no other', () => {
    for (const date of dates) {
      const value = date.map(two).join('');
      const expected = exists(date) ? [['17', value]] : ['BAD_DATE', aiStart + 8];
      expect([date, read('17', bitsOf(date))]).toEqual([date, expected]);
    }
  });

  it('as text are those too, with six digits', () => {
    for (const date of dates.filter(([year]) => year < 99)) {
      const value = date.map(two).join('');
      expect(parsed('17', value)).toEqual(exists(date) ? [['17', value]] : 'BAD_DATE');
    }
    for (const value of ['', '3012', '30123', '3012310', '30-12-31', '3012 1', ' 30123'])
      expect(parsed('17', value)).toBe('BAD_DATE');
  });

  const day = bitsOf([30, 12, 31]);
  const clocks: [string, string, string, string][] = [
    ['4324', '', '0000', binary(0, 11)],
    ['4324', '', '2359', binary(23, 5) + binary(59, 6)],
    ['8008', '00', '00', binary(0, 5)],
    ['8008', '00', '23', binary(23, 5)],
    ['8008', '01', '2359', binary(23, 5) + binary(59, 6)],
    ['8008', '10', '235959', binary(23, 5) + binary(59, 6) + binary(59, 6)],
    ['8008', '11', '', ''],
  ];

  it.each(clocks)('AI %s, precision %j, may have the time %j', (ai, precision, time, bits) => {
    const hex = tagWith(aiBits(ai) + precision + day + bits);
    expect(read(ai, precision + day + bits)).toEqual([[ai, `301231${time}`]]);
    expect(parsed(ai, `301231${time}`)).toEqual([[ai, `301231${time}`]]);
    expect(written(ai, `301231${time}`)).toBe(hex);
  });

  it.each([
    ['4324', '', '2400', binary(24, 5) + binary(0, 6)],
    ['4324', '', '2360', binary(23, 5) + binary(60, 6)],
    ['8008', '00', '24', binary(24, 5)],
    ['8008', '01', '2360', binary(23, 5) + binary(60, 6)],
    ['8008', '10', '235960', binary(23, 5) + binary(59, 6) + binary(60, 6)],
  ])('AI %s, precision %j, never has the time %j', (ai, precision, time, bits) => {
    expect(read(ai, precision + day + bits)[0]).toBe('BAD_DATE');
    expect(parsed(ai, `301231${time}`)).toBe('BAD_DATE');
  });

  it.each([
    ['4324', '30123123'],
    ['4324', '301231235'],
    ['4324', '30123123596'],
    ['4324', '301231235959'],
    ['4324', '3012312a59'],
    ['4324', '3013312359'],
    ['8008', '30123'],
    ['8008', '3012312'],
    ['8008', '30123123595959'],
    ['8008', '301231-1'],
    ['8008', '301331'],
    ['8008', ''],
    ['7007', '301331'],
    ['7007', '3012313'],
    ['7007', '301231301331'],
    ['7007', '3012313101010'],
    ['7007', ''],
  ])('AI %s is never %j', (ai, value) => {
    expect(parsed(ai, value)).toBe('BAD_DATE');
  });

  it('of AI 7007 are one, or a range of two', () => {
    const other = bitsOf([31, 1, 1]);
    expect(read('7007', `0${day}`)).toEqual([['7007', '301231']]);
    expect(read('7007', `1${day}${other}`)).toEqual([['7007', '301231310101']]);
    expect(written('7007', '301231')).toBe(tagWith(`${aiBits('7007')}0${day}`));
    expect(written('7007', '301231310101')).toBe(tagWith(`${aiBits('7007')}1${day}${other}`));
    expect(read('7007', `1${bitsOf([30, 13, 31])}${other}`)[0]).toBe('BAD_DATE');
    expect(read('7007', `1${day}${bitsOf([30, 13, 31])}`)[0]).toBe('BAD_DATE');
  });

  it.each(['11', '12', '13', '15', '16', '17', '4324', '7003', '7006', '7007', '7011', '8008'])(
    'AI %s is cut short nowhere',
    (ai) => {
      const bits = aiStart + ai.length * 4;
      for (const more of [1, 8, 12]) {
        const whole = tagWith(`${aiBits(ai)}0${'1'.repeat(more)}`);
        const result = decodeEpc(whole.slice(0, Math.ceil((bits + more) / 8) * 2));
        expect(result.ok ? 'read' : result.error.code).toBe('TOO_SHORT');
      }
    },
  );
});
