import { describe, expect, it } from 'vitest';
import { decodeEpc, parseTag } from '../../../src/tags/index.ts';
import { aiBits, tagWith } from './aidc-reference.ts';

const parsed = (data: string) => {
  const result = parseTag(`(8018)952119800001000073${data}`);
  return result.ok ? 'read' : result.error.code;
};
const read = (ai: string, bits: string) => {
  const result = decodeEpc(tagWith(aiBits(ai) + bits));
  return result.ok ? result.epc.data[0]?.[1] : result.error.code;
};

describe('data of few characters', () => {
  it.each([
    ['(4321)0', 'read'],
    ['(4321)1', 'read'],
    ['(4321)2', 'BAD_CHARACTER'],
    ['(4321)', 'BAD_CHARACTER'],
    ['(4330)000123', 'read'],
    ['(4330)000123-', 'read'],
    ['(4330)000123+', 'BAD_CHARACTER'],
    ['(4307)TW', 'read'],
    ['(4307)T1', 'BAD_CHARACTER'],
    ['(4307)TWN', 'BAD_CHARACTER'],
    ['(4307)1TW', 'BAD_CHARACTER'],
    ['(4307)tw', 'BAD_CHARACTER'],
    ['(7258)1/9', 'read'],
    ['(7258)0/1', 'BAD_CHARACTER'],
    ['(7258)1/0', 'BAD_CHARACTER'],
    ['(7258)11/9', 'BAD_CHARACTER'],
    ['(7258)1/99', 'BAD_CHARACTER'],
    ['(3103)00075x', 'BAD_CHARACTER'],
    ['(3103)0007500', 'TOO_LONG'],
    ['(8005)00075', 'TOO_SHORT'],
    ['(30)x', 'BAD_CHARACTER'],
    ['(30)12345678', 'read'],
    ['(30)123456789', 'TOO_LONG'],
    ['(7023)', 'TOO_SHORT'],
  ])('%s as text: %s', (data, outcome) => {
    expect(parsed(data)).toBe(outcome);
  });

  it.each([
    ['4307', '000000011001', 'AZ'],
    ['4307', '011010000000', 'BAD_CHARACTER'],
    ['4307', '000000011010', 'BAD_CHARACTER'],
    ['7258', '00011001', '1/9'],
    ['7258', '10010001', '9/1'],
    ['7258', '00000001', 'BAD_CHARACTER'],
    ['7258', '00010000', 'BAD_CHARACTER'],
    ['7258', '10100001', 'BAD_CHARACTER'],
    ['7258', '00011010', 'BAD_CHARACTER'],
  ])('AI %s as bits %s: %s', (ai, bits, outcome) => {
    expect(read(ai, bits)).toBe(outcome);
  });
});

describe('fill behind the last data', () => {
  const cut = (data: string, bits: number) => {
    const result = decodeEpc(
      tagWith(data, '0')
        .padEnd(bits / 4, '0')
        .slice(0, bits / 4),
    );
    return result.ok ? result.epc.data : [result.error.code, result.error.position];
  };

  it('is zero to the last bit, and no AI 00 where fewer than 72 bits follow', () => {
    expect(cut('0000', 88)).toEqual([]);
    expect(cut('0001', 88)).toEqual(['BAD_PADDING', 84]);
    expect(cut('000000000001', 96)).toEqual(['TOO_SHORT', 84]);
    expect(cut(`${'0'.repeat(75)}1`, 160)).toEqual(['TOO_SHORT', 84]);
    expect(cut(`${'0'.repeat(79)}1`, 168)).toEqual([['00', '000000000000000001']]);
  });
});
