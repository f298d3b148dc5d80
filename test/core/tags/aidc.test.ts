import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc } from '../../../src/tags/index.ts';
import {
  aiBits,
  aiDigits,
  alphabets,
  alphanumericBits,
  binary,
  bitsOf,
  formats,
  type Part,
  sampleOf,
  tagWith,
} from './aidc-reference.ts';

function outcomeOf(hex: string) {
  const result = decodeEpc(hex);
  return result.ok ? result.epc.data : result.error.code;
}

function samplesOf(parts: Part[], lengthOf: (part: Part) => number) {
  const samples = parts.map((part) => sampleOf(part, lengthOf(part)));
  return { value: samples.map(({ value }) => value).join(''), bits: samples.map(({ bits }) => bits).join('') };
}

/** All numbers that could be an AI: two digits, and as many more as table K says of those two. */
function possibleAis(): string[] {
  const pairs = Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, '0'));
  const digitsOf = (pair: string) =>
    Number(Object.keys(aiDigits).find((digits) => aiDigits[digits]?.includes(pair)) ?? 2);
  return pairs.flatMap((pair) => {
    const more = digitsOf(pair) - 2;
    return Array.from({ length: 10 ** more }, (_, rest) => pair + (more === 0 ? '' : String(rest).padStart(more, '0')));
  });
}

const mayBeEmpty = new Set(['253', '255', '8003']);

describe('+AIDC data', () => {
  it.each(formats)('AI %s is written as table F says, from its longest value to its shortest', (ai, parts) => {
    const least = mayBeEmpty.has(ai) ? 0 : 1;
    for (const lengthOf of [(part: Part) => part.most ?? 0, () => least]) {
      const { value, bits } = samplesOf(parts, lengthOf);
      const hex = tagWith(aiBits(ai) + bits);
      expect(outcomeOf(hex)).toEqual([[ai, value]]);
      const again = encodeEpc(hex);
      expect(again.ok && again.epc.hex).toBe(hex);
    }
  });

  const varying = formats.filter(([, parts]) => parts.some((part) => part.lengthBits !== undefined));

  it.each(varying)('AI %s has no value that is longer than its longest, or shorter than its shortest', (ai, parts) => {
    const last = parts.at(-1);
    if (last?.lengthBits === undefined || last.most === undefined) return;
    const tooLong = samplesOf(parts, (part) => (part.most ?? 0) + 1);
    // AI 8004 and its like announce the length after the digits.
    if (last.section !== '14.5.5' && last.most + 1 < 2 ** last.lengthBits) {
      expect(outcomeOf(tagWith(aiBits(ai) + tooLong.bits))).toBe('TOO_LONG');
    }
    if (last.section === '14.5.5') expect(outcomeOf(tagWith(aiBits(ai) + tooLong.bits))).toBe('TOO_LONG');
    else if (!mayBeEmpty.has(ai))
      expect(outcomeOf(tagWith(aiBits(ai) + samplesOf(parts, () => 0).bits))).toBe('TOO_SHORT');
  });

  it('begins with no other AI', () => {
    const known = new Set(formats.map(([ai]) => ai));
    for (const ai of possibleAis().filter((each) => !known.has(each))) {
      expect([ai, outcomeOf(tagWith(`${aiBits(ai)}1`.padEnd(200, '0')))]).toEqual([ai, 'UNKNOWN_AI']);
    }
  });

  it.each(['A', 'F', '0A', '4A', '310B'])('begins with no nibble beyond 9: %s', (nibbles) => {
    expect(outcomeOf(tagWith(aiBits(nibbles) + '1'.repeat(80)))).toBe('RESERVED_VALUE');
  });

  it('ends where only zero bits are left; AI 00 is an SSCC when 72 bits follow it', () => {
    const sscc = samplesOf([{ section: '14.5.4', characters: 18 }], () => 0).bits;
    expect(outcomeOf(tagWith(`00000000${sscc}`))).toEqual([['00', '987654321098765432']]);
    expect(outcomeOf(tagWith('0'.repeat(300), '0'))).toEqual([]);
    expect(outcomeOf(tagWith('00000001', '0'))).toBe('TOO_SHORT');
    expect(outcomeOf(tagWith(`${'0'.repeat(12)}0001`, '0').slice(0, -2))).toBe('TOO_SHORT');
  });
});

describe('variable-length alphanumeric values', () => {
  const texts: fc.Arbitrary<string>[] = [
    fc.stringMatching(/^[0-9]{1,20}$/),
    fc.stringMatching(/^[0-9A-F]{1,20}$/),
    fc.stringMatching(/^[0-9a-f]{1,20}$/),
    fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
    fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/),
    fc.stringMatching(/^[A-Z0-9.:-]{1,20}$/),
  ];

  it.each([0, 1, 2, 3, 4, 5])('under indicator %i are read, and marked where another takes fewer bits', (indicator) => {
    fc.assert(
      fc.property(texts[indicator] ?? fc.constant('A'), (text) => {
        const result = decodeEpc(tagWith(aiBits('10') + alphanumericBits(indicator, text, 5)));
        const possible = [0, 1, 2, 3, 4, 5].filter((other) => alphabets[other]?.test(text));
        const least = Math.min(...possible.map((other) => bitsOf(other, text.length)));
        const first = possible.find((other) => bitsOf(other, text.length) === least);
        expect(result).toMatchObject({
          ok: true,
          epc: { data: [['10', text]], marks: first === indicator ? [] : ['NON_SHORTEST'] },
        });
        const written = encodeEpc(tagWith(aiBits('10') + alphanumericBits(indicator, text, 5)));
        expect(written.ok && written.epc.hex).toBe(tagWith(aiBits('10') + alphanumericBits(first ?? 4, text, 5)));
      }),
    );
  });

  it.each([6, 7])('have no indicator %i', (indicator) => {
    expect(outcomeOf(tagWith(aiBits('10') + binary(indicator, 3) + binary(1, 5) + '1'.repeat(20)))).toBe(
      'RESERVED_VALUE',
    );
  });
});
