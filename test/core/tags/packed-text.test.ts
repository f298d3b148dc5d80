import { describe, expect, it } from 'vitest';
import { readPackedObjects, writePackedObjects } from '../../../src/tags/index.ts';

/** `value` in `width` bits. */
const bin = (value: number, width: number) => value.toString(2).padStart(width, '0');

/** Values of a base as one number, in the bits that a group of them takes. */
function group(base: number, values: readonly number[]): string {
  const width = Math.ceil(values.length * Math.log2(base));
  return values
    .reduce((sum, value) => sum * BigInt(base) + BigInt(value), 0n)
    .toString(2)
    .padStart(width, '0');
}

/** User memory of one object with one ID, whose data section ends in these bits. */
function memory(id: number, ...parts: string[]): string {
  const body = `000${bin(id, 7)}1${parts.join('')}`;
  const octets = Math.ceil((7 + body.length) / 8);
  const pad = octets * 8 - 7 - body.length;
  const bits = `${bin(octets, 6)}${pad > 0 ? 1 : 0}${body}${pad > 0 ? '1'.padEnd(pad, '0') : ''}`;
  return `89${(bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16).toUpperCase()).join('')}00`;
}

const batch = 4;
const none = '0';
/** A run that is the last: basis bits, and 6 and twice `more` values. */
const run = (basis: string, more: number) => `1${basis}${bin(more, 3)}`;
const runs = (...each: string[]) => `1${each.join('')}`;

describe('texts in packed objects', () => {
  const batchOf = (hex: string) => {
    const read = readPackedObjects(hex);
    return read.ok ? read.data[0]?.[1] : read.error.code;
  };
  const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0) - 64);

  it('have their digits apart from their letters, as the example of annex L has them', () => {
    const map = '0100100011';
    const digits = group(10, [1, 2, 3, 4, 5, 6]);
    const others = group(30, letters('ABCD'));
    expect(batchOf(memory(batch, '0', none, none, map, digits, others))).toBe('1A23B456CD');
    const written = writePackedObjects([['10', '1A23B456CD']]);
    expect(written.ok && written.hex).toContain(memory(batch, '0', none, none, map, digits, others).slice(0, -2));
  });

  it('take punctuation by a shift from base 30, two values and two bits of the map for one character', () => {
    const others = group(30, [...letters('LOT'), 28, 13, ...letters('X')]);
    expect(batchOf(memory(batch, '0', none, none, '1111110', group(10, [7]), others))).toBe('LOT-X7');
    expect(batchOf(memory(batch, '0', none, none, '11', group(30, [28, 15])))).toBe('/');
    expect(batchOf(memory(batch, '0', none, none, '11', group(30, [28, 16])))).toBe('RESERVED_VALUE');
    expect(batchOf(memory(batch, '0', none, none, '1', group(30, [28])))).toBe('RESERVED_VALUE');
    expect(batchOf(memory(batch, '0', none, none, '11', group(30, [27, 1])))).toBe('RESERVED_VALUE');
  });

  it('may be octets', () => {
    const octets = [...'a/B'].map((one) => bin(one.charCodeAt(0), 8)).join('');
    expect(batchOf(memory(batch, '11', none, none, '1011', group(10, [5]), octets))).toBe('a5/B');
    expect(batchOf(memory(batch, '11', none, none, '1', bin(0xe9, 8)))).toBe('RESERVED_VALUE');
  });

  it('may begin and end with runs of one base, six characters and more', () => {
    const eight = [1, 2, 3, 4, 5, 6, 7, 8];
    const numbers = group(10, [...eight, 9]);
    expect(batchOf(memory(batch, '0', runs(run('00', 1)), none, '10', numbers, group(30, letters('A'))))).toBe(
      '12345678A9',
    );
    const tail = group(30, [...letters('X'), ...letters('ABCDEF')]);
    expect(batchOf(memory(batch, '0', none, runs(run('10', 0)), '01', group(10, [7]), tail))).toBe('7XABCDEF');
    expect(
      batchOf(
        memory(
          batch,
          '0',
          runs(run('00', 0)),
          runs(run('10', 0)),
          group(10, [1, 2, 3, 4, 5, 6]),
          group(30, letters('ABCDEF')),
        ),
      ),
    ).toBe('123456ABCDEF');
  });

  it('may have several runs before the map, and runs of both letters and digits', () => {
    const first = `0${'10'}${bin(0, 3)}`;
    const mixed = [...letters('AB'), 31, 32, ...letters('CD')];
    const whole = memory(
      batch,
      '0',
      runs(first, run('11', 0)),
      none,
      '0',
      group(40, mixed),
      group(10, [9]),
      group(30, letters('ZZZZZZ')),
    );
    expect(batchOf(whole)).toBe('ZZZZZZAB12CD9');
    const lower = memory(batch, '10', runs(run('11', 0)), none, '', group(84, [47, 48, 49, 75, 76, 77]));
    expect(batchOf(lower)).toBe('abc123');
  });

  it('are refused whole where they use base 13 or runs of extended octets', () => {
    expect(batchOf(memory(batch, '0', runs(run('01', 0)), none, '', '0'.repeat(23)))).toBe('RESERVED_VALUE');
    expect(batchOf(memory(batch, '11', runs(run('11', 0)), none, '', '0'.repeat(48)))).toBe('RESERVED_VALUE');
  });
});
