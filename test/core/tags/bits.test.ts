import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit, decimalAt, isDigits, padded, tenTo } from '../../../src/tags/bits/digits.ts';
import { hexProblem, wordsOf } from '../../../src/tags/bits/hex.ts';
import { bitsAt, isZero, narrowAt } from '../../../src/tags/bits/words.ts';
import { fits, hexOf, newWriter, put } from '../../../src/tags/bits/writer.ts';

const hex = fc.uint8Array({ minLength: 16, maxLength: 62 }).map((bytes) => Buffer.from(bytes).toString('hex'));

/** The bits by arithmetic of any width. */
function expected(text: string, from: number, width: number): bigint {
  return (BigInt(`0x${text}`) >> BigInt(text.length * 4 - from - width)) & ((1n << BigInt(width)) - 1n);
}

const words = (text: string) => wordsOf(text) ?? [];

describe('bits of a text of hex', () => {
  it.each([
    [1, 32, narrowAt],
    [1, 53, bitsAt],
  ] as const)('are the same number at any place, from %i bit to %i', (least, most, read) => {
    fc.assert(
      fc.property(hex, fc.integer({ min: least, max: most }), fc.nat(), (text, width, seed) => {
        const from = seed % (text.length * 4 - width + 1);
        expect(read(words(text), from, width)).toBe(Number(expected(text, from, width)));
      }),
    );
  });

  it('are the same decimal at any width', () => {
    fc.assert(
      fc.property(hex, fc.integer({ min: 1, max: 128 }), fc.nat(), (text, width, seed) => {
        const from = seed % (text.length * 4 - width + 1);
        expect(decimalAt(words(text), from, width)).toBe(String(expected(text, from, width)));
      }),
    );
    for (let width = 1; width <= 124; width++) {
      const full = words('F'.repeat(32));
      expect(decimalAt(full, 3, width)).toBe(String((1n << BigInt(width)) - 1n));
      expect(decimalAt(words(`${'0'.repeat(31)}1`), 128 - width, width)).toBe('1');
      expect(decimalAt(words('0'.repeat(32)), 1, width)).toBe('0');
    }
  });

  it.each([
    0,
    1,
    9,
    10,
    99,
    100,
    999,
    1000,
    1001,
    9999,
    99_999,
    999_999,
    1_000_000,
    1_000_001,
    999_999_999,
    10 ** 12,
    2 ** 53 - 1,
  ])('are written as %d in decimal, with zeros in front to any length', (value) => {
    const text = value.toString(16).padStart(14, '0');
    expect(decimalAt(words(text), 3, 53)).toBe(String(value));
    const digits = String(value).length;
    for (let length = digits; length <= 18; length++)
      expect(padded(value, length)).toBe(String(value).padStart(length, '0'));
  });

  it('of seven limbs and more keep the zeros inside', () => {
    for (const value of [10n ** 7n, 10n ** 14n + 5n, 10n ** 21n, 10n ** 21n + 10n ** 7n, 123n * 10n ** 28n]) {
      const text = value.toString(16).padStart(32, '0');
      expect(decimalAt(words(text), 0, 128)).toBe(String(value));
    }
  });

  it('of no digits are the empty text, and ten to the power is exact', () => {
    expect(padded(0, 0)).toBe('');
    for (let exponent = 0; exponent <= 15; exponent++) expect(tenTo(exponent)).toBe(Number(`1e${exponent}`));
  });

  it('are zero where each of them is', () => {
    for (let bit = 0; bit < 96; bit++) {
      const text = (1n << BigInt(95 - bit)).toString(16).padStart(24, '0');
      expect(isZero(words(text), 0, bit)).toBe(true);
      expect(isZero(words(text), bit + 1, 96)).toBe(true);
      expect(isZero(words(text), 0, bit + 1)).toBe(false);
      expect(isZero(words(text), bit, 96)).toBe(false);
    }
    expect(isZero(words('FF'), 8, 8)).toBe(true);
    expect(isZero(words('FF'), 8, 4)).toBe(true);
  });
});

describe('text that is hex', () => {
  const characters = Array.from({ length: 300 }, (_, code) => String.fromCharCode(code));

  it.each(characters)('has the digits of both cases, and not %j otherwise', (character) => {
    const good = /[0-9A-Fa-f]/.test(character);
    expect(hexProblem(`A${character}`)?.code ?? null).toBe(good ? null : 'SYNTAX');
    expect(wordsOf(`A${character}`) === null).toBe(!good);
    if (good) expect(narrowAt(words(`${character}0`), 0, 4)).toBe(Number.parseInt(character, 16));
  });

  it('says where its first fault is', () => {
    expect(hexProblem('30xg')).toMatchObject({ code: 'SYNTAX', position: 8 });
    expect(hexProblem('')).toMatchObject({ code: 'EMPTY', position: 0 });
    expect(hexProblem('303')).toMatchObject({ code: 'TOO_SHORT', position: 12 });
    expect(hexProblem('3'.repeat(126))).toMatchObject({ code: 'TOO_LONG', position: 496 });
  });

  it('is read exactly where it has no fault', () => {
    for (const text of ['', '3', '303', '30x0', '3'.repeat(125), '3'.repeat(126)]) {
      expect([text, wordsOf(text)]).toEqual([text, null]);
      expect(hexProblem(text)).not.toBeNull();
    }
    for (const text of ['30', '3'.repeat(124)]) {
      expect(wordsOf(text)).not.toBeNull();
      expect(hexProblem(text)).toBeNull();
    }
  });
});

describe('bits that are written', () => {
  it('come back, filled up to whole words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt(0n, 2n ** 70n - 1n), fc.integer({ min: 70, max: 80 })), {
          minLength: 1,
          maxLength: 5,
        }),
        (groups) => {
          const writer = newWriter();
          for (const [value, width] of groups) put(writer, String(value), width);
          const bits = groups.map(([value, width]) => value.toString(2).padStart(width, '0')).join('');
          const length = Math.ceil(bits.length / 16) * 4;
          expect(hexOf(writer)).toBe(
            BigInt(`0b${bits.padEnd(length * 4, '0')}`)
              .toString(16)
              .toUpperCase()
              .padStart(length, '0'),
          );
        },
      ),
    );
    expect(hexOf(newWriter())).toBe('');
  });

  it('of no width are none', () => {
    const writer = newWriter();
    put(writer, 0, 0);
    put(writer, 5, 0);
    expect(writer.bits).toBe('');
  });

  it('have room for what is below two to their number', () => {
    expect([fits('255', 8), fits('256', 8), fits('0', 1), fits('2', 1), fits(String(2n ** 70n), 70)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('digits', () => {
  it('are 0 to 9, and nothing beside them', () => {
    expect(['', '0', '0123456789', '/', ':', '1/', '1:', 'a1', '1 '].map(isDigits)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('have the check digit of the GS1 rule', () => {
    const sum = (text: string) =>
      [...text].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,20}$/), (text) => {
        expect((sum(text) + Number(checkDigit(text))) % 10).toBe(0);
        expect(checkDigit(text)).toMatch(/^[0-9]$/);
      }),
    );
  });
});
