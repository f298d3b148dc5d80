import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit } from '../../../src/tags/bits/digits.ts';
import { readPackedObjects, writePackedObjects } from '../../../src/tags/index.ts';
import { checkedDigits, dayAis } from '../../../src/tags/memory/packed-check.ts';
import { type PackedPart, packedRows } from '../../../src/tags/memory/packed-table.ts';

type Pairs = [string, string][];

function written(data: Pairs): string {
  const result = writePackedObjects(data);
  if (!result.ok) throw new Error(JSON.stringify([data, result.error]));
  return result.hex;
}

const digit = fc.constantFrom(...'0123456789');
const character = fc.oneof(digit, fc.constantFrom(...'ABCXYZ'), fc.constantFrom(...'abcxyz-/%_'));

const anyValue = ({ format }: PackedPart) =>
  fc.string({
    unit: format.kind === 'digits' ? digit : character,
    minLength: Math.max(1, format.min),
    maxLength: format.max,
  });

/** The value with a right check digit, or as a day that is. */
function made(ai: string, value: string): string {
  if (dayAis.includes(ai)) {
    const pad = (text: string, most: number) => String((Number(text) % most) + 1).padStart(2, '0');
    return value.slice(0, 2) + pad(value.slice(2, 4), 12) + pad(value.slice(4, 6), 28);
  }
  const count = checkedDigits[ai];
  if (count === undefined) return value;
  return value.slice(0, count - 1) + checkDigit(value.slice(0, count - 1)) + value.slice(count);
}

/** AI and value, the parts of one value put together. */
function joined(parts: readonly PackedPart[], last: string, values: readonly string[]): Pairs {
  const pairs = new Map<string, string>();
  for (const [at, { ai }] of parts.entries()) pairs.set(ai + last, (pairs.get(ai + last) ?? '') + values[at]);
  return [...pairs];
}

/** The elements of one entry of every row. */
const entry: fc.Arbitrary<Pairs> = fc.constantFrom(...packedRows).chain(({ choices, range }) =>
  fc.constantFrom(...choices.flatMap((parts) => (parts === null ? [] : [parts]))).chain((parts) => {
    const last = range === 1 ? fc.constant('') : fc.nat(range - 1).map(String);
    return fc.tuple(last, fc.tuple(...parts.map(anyValue))).map(([digits, values]) => joined(parts, digits, values));
  }),
);
const elements = fc
  .uniqueArray(entry, { minLength: 1, maxLength: 6, selector: (pairs) => pairs[0]?.[0] })
  .map((entries) => entries.flat().map(([ai, value]): [string, string] => [ai, made(ai, value)]));

/** `value` in `width` bits. */
const bin = (value: number, width: number) => value.toString(2).padStart(width, '0');

describe('what is put into user memory', () => {
  it.each([
    ['01', '09528765123450', 'CHECK_DIGIT', 13],
    ['00', '095287651234567890', 'CHECK_DIGIT', 17],
    ['17', '309999', 'BAD_DATE', null],
  ])('has a right check digit and a day that is: (%s)%s', (ai, value, code, position) => {
    expect(writePackedObjects([[ai, value]])).toMatchObject({ ok: false, error: { code, position } });
  });
});

describe('packed objects in user memory', () => {
  it('have the bits that the standard’s rules give', () => {
    // DSFID 89 · 5 bytes, padded · one ID (EBV-3 000), AI 17 = ID 9 in 7 bits · packed compaction · 301231 in 20 bits · pad
    const bits = `${'000101'}${'1'}${'000'}${'0001001'}${'1'}${(301231).toString(2).padStart(20, '0')}${'10'}`;
    const hex = (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16).toUpperCase()).join('');
    expect(written([['17', '301231']])).toBe(`89${hex}0000`);
  });

  it('join two IDs in 13 bits, and tell a weight’s unit and decimals apart by secondary bits', () => {
    // EBV-6 length · pad · EBV-3 001 · 9·90+20 in 13 bits · 01 (pounds) 010 (two decimals) · 1 · 20 bits · 20 bits
    const body = `001${(9 * 90 + 20).toString(2).padStart(13, '0')}01010${'1'}${(301231).toString(2).padStart(20, '0')}${(750).toString(2).padStart(20, '0')}`;
    const octets = Math.ceil((7 + body.length) / 8);
    const pad = octets * 8 - 7 - body.length;
    const bits = `${octets.toString(2).padStart(6, '0')}${pad > 0 ? 1 : 0}${body}${pad > 0 ? '1'.padEnd(pad, '0') : ''}`;
    const hex = (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16).toUpperCase()).join('');
    const made = written([
      ['17', '301231'],
      ['3202', '000750'],
    ]);
    expect(made.slice(2, 2 + hex.length)).toBe(hex);
  });

  it.each<[string, Pairs]>([
    ['a batch', [['10', '1A23B456CD']]],
    [
      'batch and serial',
      [
        ['10', 'LOT-7/a'],
        ['21', '0815'],
      ],
    ],
    [
      'best before, weight, price and batch',
      [
        ['15', '301231'],
        ['3103', '000750'],
        ['3922', '1999'],
        ['10', 'B7'],
      ],
    ],
    [
      'a long batch before a serial',
      [
        ['10', 'ABCDEFGHIJ1234567890'],
        ['21', 'x'],
      ],
    ],
    [
      'forty letters',
      [
        ['240', 'A'.repeat(30)],
        ['241', 'Z'.repeat(30)],
      ],
    ],
    [
      'sixty digits as text',
      [
        ['240', '1'.repeat(30)],
        ['241', '2'.repeat(30)],
      ],
    ],
  ])('come back: %s', (_, data) => {
    expect(readPackedObjects(written(data))).toEqual({ ok: true, data });
  });

  it('come back whatever they hold', () => {
    fc.assert(
      fc.property(elements, (data) => {
        expect(readPackedObjects(written(data))).toEqual({ ok: true, data });
      }),
      { numRuns: 300 },
    );
  });

  it('hold the example of annex L: a date, an amount with its currency, and a batch', () => {
    const date = '00001110111001100111';
    const amount = '111010010011001111101011000000';
    const made = written([
      ['17', '061031'],
      ['3912', '978123456'],
      ['10', 'A'],
    ]);
    const bits = [...made].map((one) => bin(Number.parseInt(one, 16), 4)).join('');
    // Three IDs: 9 and 33 in 13 bits, 4 in 7; choice 391 and two decimals; 9 digits are 5 more than 4.
    expect(bits.slice(15)).toMatch(
      new RegExp(`^010${bin(9 * 90 + 33, 13)}${bin(4, 7)}10010${'1'}0101${date}${amount}`),
    );
  });

  it('tell two AIs by one ID Value, whichever is given first', () => {
    const data: Pairs = [
      ['02', '09506000134352'],
      ['37', '12'],
    ];
    expect(readPackedObjects(written(data))).toEqual({ ok: true, data });
    expect(written([...data].reverse())).toBe(written(data));
    expect(writePackedObjects(data.slice(0, 1))).toMatchObject({ ok: false, error: { code: 'UNKNOWN_AI' } });
    expect(writePackedObjects(data.slice(1))).toMatchObject({ ok: false, error: { code: 'UNKNOWN_AI' } });
  });

  it('are not written with a text of no characters', () => {
    expect(writePackedObjects([['253', '9506000134352']])).toMatchObject({ ok: false, error: { code: 'TOO_SHORT' } });
    const data: Pairs = [
      ['253', '9506000134352'],
      ['10', 'B7'],
    ];
    expect(readPackedObjects(written(data))).toEqual({ ok: true, data });
  });

  it('may follow one another, padding octets and unread memory after them', () => {
    const first = written([['17', '301231']]).replace(/0+$/, '');
    const whole = first.padEnd(Math.ceil(first.length / 2) * 2, '0');
    const second = written([['10', 'B7']]).slice(2);
    expect(readPackedObjects(`${whole}${second}0000`)).toEqual({
      ok: true,
      data: [
        ['17', '301231'],
        ['10', 'B7'],
      ],
    });
    expect(readPackedObjects(`890404${second}0000`)).toEqual({ ok: true, data: [['10', 'B7']] });
    expect(readPackedObjects('8900')).toEqual({ ok: true, data: [] });
  });

  it.each<[string, Pairs, string]>([
    ['an AI without a place', [['8110', 'x']], 'UNKNOWN_AI'],
    ['an AI whose last digit is none of ours', [['310٣', '001234']], 'UNKNOWN_AI'],
    ['an AI that ends in a letter', [['310x', '001234']], 'UNKNOWN_AI'],
    ['an AI that ends in a blank', [['310 ', '001234']], 'UNKNOWN_AI'],
    ['two AIs in one', [['02,37', '09506000134352']], 'UNKNOWN_AI'],
    ['seven decimals', [['3107', '000750']], 'UNKNOWN_AI'],
    ['a date with a letter', [['17', '30123A']], 'BAD_CHARACTER'],
    ['a batch that is too long', [['10', 'A'.repeat(21)]], 'BAD_CHARACTER'],
    ['a blank', [['10', 'a b']], 'BAD_CHARACTER'],
    ['nothing', [], 'BAD_CHARACTER'],
  ])('are not written with %s', (_, data, code) => {
    expect(writePackedObjects(data)).toMatchObject({ ok: false, error: { code } });
  });

  it.each([
    ['', 'EMPTY'],
    ['31A0', 'UNKNOWN_SCHEME'],
    ['8914', 'TOO_SHORT'],
    ['890900000000', 'RESERVED_VALUE'],
    ['8912FFFFFFFF', 'RESERVED_VALUE'],
    ['89xx', 'SYNTAX'],
  ])('%s is refused as %s', (hex, code) => {
    expect(readPackedObjects(hex)).toMatchObject({ ok: false, error: { code } });
  });

  it('never throw on damage', () => {
    fc.assert(
      fc.property(elements, fc.nat(), fc.integer({ min: 1, max: 15 }), (data, seed, flip) => {
        const hex = written(data);
        const at = seed % hex.length;
        const digitThere = (Number.parseInt(hex.charAt(at), 16) ^ flip).toString(16).toUpperCase();
        expect(typeof readPackedObjects(hex.slice(0, at) + digitThere + hex.slice(at + 1)).ok).toBe('boolean');
        expect(typeof readPackedObjects(hex.slice(0, at & ~1)).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});
