import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPackedObjects, writePackedObjects } from '../../../src/tags/index.ts';
import { lengthBits, takeLength } from '../../../src/tags/memory/packed-bits.ts';

const bin = (value: number, width: number) => value.toString(2).padStart(width, '0');
const hexOf = (bits: string) =>
  (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16).toUpperCase()).join('');

/** An object of this body: length and pad bit before it, pad behind it; nothing follows. */
function object(body: string, least = 4): string {
  const octets = Math.max(least, Math.ceil((7 + body.length) / 8));
  const pad = octets * 8 - 7 - body.length;
  return hexOf(`${bin(octets, 6)}${pad > 0 ? 1 : 0}${body}${pad > 0 ? '1'.padEnd(pad, '0') : ''}`);
}
/** One ID Value and no secondary bits, then packed compaction. */
const one = (id: number, ...data: string[]) => `000${bin(id, 7)}1${data.join('')}`;
const two = (first: number, second: number, ...data: string[]) => `001${bin(first * 90 + second, 13)}1${data.join('')}`;
const read = (body: string, least = 4) => {
  const result = readPackedObjects(`89${object(body, least)}`);
  return result.ok ? result.data : result.error.code;
};

const date = bin(301231, 20);
/** Texts: base 30 without runs, the map, and the letters' values. */
const letters = (values: readonly number[]) => {
  const number = values.reduce((sum, value) => sum * 30n + BigInt(value), 0n);
  const width = Math.ceil(values.length * Math.log2(30));
  return `000${'1'.repeat(values.length)}${width === 0 ? '' : number.toString(2).padStart(width, '0')}`;
};

describe('a packed object', () => {
  it('may end where the memory ends', () => {
    expect(read(one(9, date))).toEqual([['17', '301231']]);
  });

  it.each<[string, string]>([
    ['whose ID Value is none', one(86)],
    ['whose ID Value is one more than the last', one(90, bin(0, 60))],
    ['of which one ID Value is none', two(9, 86, date)],
    ['with a choice that its table does not have', `000${bin(20, 7)}11000${'1'}${bin(750, 20)}`],
    ['with more decimals than a measure may have', `000${bin(20, 7)}00110${'1'}${bin(750, 20)}`],
    ['with a last digit that no AI has', `000${bin(32, 7)}111${'1'}${bin(750, 20)}`],
    ['that ends before the bits of its choice', `000${bin(85, 7)}`],
    ['that ends before the length of a number', one(19)],
    ['with a number longer than its format', one(72, bin(5, 3), bin(0, 44))],
    ['with a number that its digits cannot make', one(10, bin(100, 7))],
    ['with a bit more than its number', one(9, date, '0')],
    ['with a bit less than its number', one(9, date.slice(1))],
    ['that is not in packed compaction', `000${bin(9, 7)}0${date}`],
    ['with four groups of a count that goes on', `100100100100${one(9, date).slice(3)}`],
    ['with five groups of a count', `100100100100${one(9, date)}`],
    ['with letters of base 30 that are none', one(4, letters([1, 0]))],
    ['with a text longer than its element', one(4, letters(Array(21).fill(1)))],
    ['whose text leaves nothing for the last element', two(4, 11, bin(0, 4), letters([1]))],
    ['whose text is shorter than its lengths say', two(4, 18, bin(4, 4), bin(0, 44), letters([1, 2, 3]))],
    ['with a text of no characters', one(18, bin(0, 44), letters([]))],
    ['whose text is one length beyond its element', two(4, 11, '11110101', letters(Array(22).fill(1)))],
    ['that ends within the runs of its text', one(4, '01', '10')],
    ['with a run in base 13 before a map', one(4, '0', '1101000', '0', '0', bin(5, 4))],
  ])('%s is refused whole', (_, body) => {
    expect(read(body)).toBe('RESERVED_VALUE');
  });

  it('of less than four octets is none', () => {
    const short = one(54, bin(0, 2), bin(5, 4));
    expect(read(short)).toEqual([['7004', '5']]);
    expect(read(short, 3)).toBe('RESERVED_VALUE');
  });

  it('that ends with the memory where its text should begin is refused', () => {
    const body = `010${bin(10 * 90 + 46, 13)}${bin(4, 7)}1${bin(12, 7)}${bin(345, 10)}`;
    expect((7 + body.length) % 8).toBe(0);
    expect(read(body)).toBe('RESERVED_VALUE');
    expect(read(body + letters([1]))).toEqual([
      ['20', '12'],
      ['422', '345'],
      ['10', 'A'],
    ]);
  });

  it('ends at its own pad, whatever the next one begins with', () => {
    const long = writePackedObjects([
      ['240', 'a'.repeat(30)],
      ['241', 'b'.repeat(30)],
    ]);
    const next = long.ok ? long.hex.slice(2) : '';
    expect(next).toMatch(/^[89A-F]/);
    expect(readPackedObjects(`89${object(one(9, date))}${next}`)).toEqual({
      ok: true,
      data: [
        ['17', '301231'],
        ['240', 'a'.repeat(30)],
        ['241', 'b'.repeat(30)],
      ],
    });
  });

  it('may have a map as long as its runs, and digits among the letters of a run, 0 too', () => {
    const runs = `0${'1'}${'1'}00${'000'}0`;
    expect(read(one(4, runs, '000000', bin(123456789012, 40)))).toEqual([['10', '123456789012']]);
    const mixed = [1, 30, 2, 39, 3, 31].reduce((sum, value) => sum * 40n + BigInt(value), 0n);
    expect(read(one(4, '0', '1', '111000', '0', mixed.toString(2).padStart(32, '0')))).toEqual([['10', 'A0B9C1']]);
  });
});

const bitsOf = (hex: string) => [...hex].map((digit) => bin(Number.parseInt(digit, 16), 4)).join('');

/** Bits of a text in base 74: header, two flags, map, and groups of 25. */
function textWidth(length: number): number {
  const width = (count: number) => Math.ceil(count * Math.log2(74));
  return 4 + length + Math.floor(length / 25) * width(25) + width(length % 25);
}

/** The length of an object whose body has that many bits: six bits up to 31 octets, twelve beyond. */
function lengthOf(body: number): string {
  if (body + 7 <= 31 * 8) return bin(Math.ceil((body + 7) / 8), 6);
  const octets = Math.ceil((body + 13) / 8);
  return `1${bin(octets >> 5, 5)}0${bin(octets & 31, 5)}`;
}

describe('user memory as it is written', () => {
  const measures = [
    [310, 316],
    [320, 337],
    [340, 357],
    [360, 369],
  ].flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at)));
  const decimals = measures.flatMap((ai) => [...(ai === '337' ? '0123456' : '012345')].map((last) => ai + last));

  it('has a place for every measure of the General Specifications, in up to five decimals', () => {
    const places = decimals.map((ai) => {
      const made = writePackedObjects([[ai, '000750']]);
      expect([ai, made.ok && readPackedObjects(made.hex)]).toEqual([ai, { ok: true, data: [[ai, '000750']] }]);
      return made.ok && made.hex;
    });
    expect(places).toHaveLength(53 * 6 + 1);
    expect(new Set(places).size).toBe(places.length);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'tells its length in six bits up to 31 octets and in twelve beyond, with a number of %i digits',
    (digits) => {
      for (let size = 1; size <= 30; size++) {
        const made = writePackedObjects([
          ['30', '1'.repeat(digits)],
          ['240', 'a'.repeat(size)],
          ['241', 'b'],
        ]);
        const nibbles = 4 + 4 * Math.floor((size - 1) / 15);
        // The count, three IDs, a flag, the lengths of AI 30 and 240, the number, the text.
        const body = 3 + 20 + 1 + 3 + nibbles + Math.ceil(digits * Math.log2(10)) + textWidth(size + 1);
        expect(made.ok && bitsOf(made.hex.slice(2)).startsWith(lengthOf(body))).toBe(true);
      }
    },
  );

  it('fills 31 octets to the last bit without a pad', () => {
    const data: [string, string][] = [
      ['17', '301231'],
      ['30', '123'],
      ['240', 'a'.repeat(22)],
      ['241', 'b'],
    ];
    const made = writePackedObjects(data);
    expect(made.ok && bitsOf(made.hex.slice(2)).slice(0, 7)).toBe(`${bin(31, 6)}0`);
    expect(made.ok && readPackedObjects(made.hex)).toEqual({ ok: true, data });
  });

  it('counts seventeen elements and more', () => {
    const data = ['310', '311', '320'].flatMap((ai) =>
      [...'012345'].map((decimals): [string, string] => [ai + decimals, '000750']),
    );
    for (const elements of [data.slice(0, 16), data.slice(0, 17), data]) {
      const made = writePackedObjects(elements);
      expect(made.ok && readPackedObjects(made.hex)).toEqual({ ok: true, data: elements });
    }
  });

  it.each<[string, string, string]>([
    ['a digit too few', '17', '30123'],
    ['no digit', '17', ''],
    ['no character', '10', ''],
    ['a serial too long behind its number', '253', `9506000134352${'A'.repeat(18)}`],
    ['a country with too much behind it', '7030', `158${'A'.repeat(28)}`],
    ['a blank in front', '10', ' ab'],
  ])('never holds %s', (_, ai, value) => {
    expect(writePackedObjects([[ai, value]])).toMatchObject({ ok: false, error: { code: 'BAD_CHARACTER' } });
  });

  it.each(['3106', '3206', '3307', '3377', '3408'])('has no place for AI %s', (ai) => {
    expect(writePackedObjects([[ai, '000750']])).toMatchObject({ ok: false, error: { code: 'UNKNOWN_AI' } });
  });
});

describe('the length of an element [I.7.2]', () => {
  const format = (min: number, range: number) => ({ kind: 'text', min, max: min + range }) as const;

  it.each([
    [7, 7, '111'],
    [8, 8, '1000'],
    [20, 15, '11110000'],
    [44, 44, '111111111110'],
    [45, 45, '101101'],
    [45, 15, '001111'],
  ])('of a range of %i is written for %i more than the least as %s', (range, more, bits) => {
    expect(lengthBits(format(1, range), 1 + more)).toBe(bits);
  });

  it('comes back, and is refused where it is cut or beyond the format', () => {
    const ranges = fc.constantFrom([4, 7] as const, [8, 44] as const, [45, 63] as const);
    const lengths = ranges.chain(([least, most]) =>
      fc.tuple(fc.nat(3), fc.integer({ min: least, max: most }), fc.nat(most), fc.constant(most)),
    );
    fc.assert(
      fc.property(lengths, ([min, range, more, most]) => {
        const all = lengthBits(format(min, most), min + more);
        const spec = format(min, range);
        expect(takeLength({ all, at: 0, end: all.length }, spec)).toBe(more > range ? null : min + more);
        expect(takeLength({ all, at: 0, end: all.length - 1 }, spec)).toBeNull();
      }),
    );
    expect(takeLength({ all: '001111', at: 0, end: 6 }, format(1, 45))).toBe(16);
    expect(takeLength({ all: '110', at: 0, end: 3 }, format(8, 5))).toBeNull();
    expect(takeLength({ all: '11110110', at: 0, end: 8 }, format(1, 20))).toBeNull();
  });
});
