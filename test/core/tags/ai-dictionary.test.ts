import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPair } from '../../../src/tags/ai/check.ts';
import {
  aiSizes,
  allAis,
  dictionaryRelease,
  isAi,
  isNumericAi,
  valueProblem,
} from '../../../src/tags/ai/dictionary.ts';
import { checkDigit } from '../../../src/tags/bits/digits.ts';
import { encodeEpc, gtinOf, parseTag } from '../../../src/tags/index.ts';
import { aiFormats } from '../../../src/tags/plus/ai-table.ts';

const key = '(01)04012345123456(21)1';
const id = 'https://id.gs1.org/01/04012345123456/21/1';

/** What a scan with this element behind a good identity is read as. */
function read(element: string): unknown {
  const result = parseTag(key + element);
  if (!result.ok) return [result.error.code, (result.error.position ?? 0) - key.length - element.indexOf(')') - 1];
  expect(result.epc.id).toBe(id);
  return result.epc.data.map(([ai, value]) => `${ai}=${value}`);
}

describe('the AIs of GS1’s syntax dictionary', () => {
  it('are 541, with those that tags can carry among them', () => {
    expect(new Set(allAis).size).toBe(541);
    expect([...aiFormats.keys()].filter((ai) => !isAi(ai))).toEqual([]);
    for (const ai of allAis) expect([ai, aiSizes[Number(ai.slice(0, 2))]]).toEqual([ai, ai.length]);
    for (const ai of ['04', '14', '18', '19', '23', '88', '3106', '3944', '3956', '7260', '8015'])
      expect([ai, isAi(ai)]).toEqual([ai, false]);
  });

  it('are of the edition that the page names', () => {
    expect(readFileSync('docs/tags.md', 'utf8')).toContain(`release ${dictionaryRelease}`);
  });

  it.each(allAis)('AI %s has no empty value that may stand, and none of a hundred characters', (ai) => {
    expect(valueProblem(ai, '')).not.toBeNull();
    expect(valueProblem(ai, '1'.repeat(100))).not.toBeNull();
  });
});

/** Where the check digit of each AI stands, counted in digits. */
const checked: [string, number, string][] = [
  ...['00', '8017', '8018'].map((ai): [string, number, string] => [ai, 18, '']),
  ...['01', '02', '03'].map((ai): [string, number, string] => [ai, 14, '']),
  ...['410', '411', '412', '413', '414', '415', '416', '417'].map((ai): [string, number, string] => [ai, 13, '']),
  ['402', 17, ''],
  ['8006', 14, '0102'],
  ['8026', 14, '0102'],
  ['253', 13, 'A1'],
  ['255', 13, '12'],
  ['8003', 14, 'A1'],
];

describe('a check digit beside the identity', () => {
  it.each(checked)('of AI %s, its digit %i, is checked', (ai, digits, more) => {
    const text = fc.string({ unit: fc.constantFrom(...'123456789'), minLength: digits - 1, maxLength: digits - 1 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (random, off) => {
        const body = ai === '8003' ? `0${random.slice(1)}` : random;
        const right = checkDigit(body);
        expect(valueProblem(ai, body + right + more)).toBeNull();
        const wrong = String((Number(right) + off) % 10);
        expect(valueProblem(ai, body + wrong + more)).toMatchObject({
          code: 'CHECK_DIGIT',
          position: digits - 1,
          expected: right,
        });
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, unknown]>([
    ['(02)04012345123457', ['CHECK_DIGIT', 13]],
    ['(410)4012345123457', ['CHECK_DIGIT', 12]],
    ['(416)4012345123456', ['416=4012345123456']],
    ['(8013)1987654Ad4X4bL5ttr2310c2K', ['8013=1987654Ad4X4bL5ttr2310c2K']],
    ['(8013)1987654Ad4X4bL5ttr2310c2L', ['CHECK_DIGIT', 23]],
    ['(8014)1987654Ad4X4bL5ttr2310c2K', ['8014=1987654Ad4X4bL5ttr2310c2K']],
    ['(8014)123456789012', ['BAD_CHARACTER', 0]],
    ['(8013)ABCDEF22', ['BAD_CHARACTER', 0]],
    ['(8013)9506', ['TOO_SHORT', 0]],
    ['(8007)GB82WEST12345698765432', ['8007=GB82WEST12345698765432']],
    ['(8007)GB83WEST12345698765432', ['CHECK_DIGIT', 2]],
    ['(8007)GB8', ['BAD_CHARACTER', 0]],
    ['(8003)14012345123456', ['LEADING_ZERO', 0]],
    ['(8026)040123451234560301', ['RESERVED_VALUE', 14]],
    ['(8026)040123451234560001', ['RESERVED_VALUE', 14]],
    ['(7023)AB', ['BAD_CHARACTER', 0]],
    ['(8010)1234/A', ['8010=1234/A']],
    ['(8010)1234_A', ['BAD_CHARACTER', 0]],
  ])('%s: %j', (element, expected) => {
    expect(read(element)).toEqual(expected);
  });

  it('pair is that of the weights of prime numbers', () => {
    expect(checkPair('')).toBe('22');
    expect(checkPair('!!')).toBe('22');
    expect(checkPair('12345678901234567890123')).toBe('NT');
    expect(checkPair('12345_nopqrstuvwxyz')).toBe('P2');
  });
});

describe('dates and times beside the identity', () => {
  it.each<[string, unknown]>([
    ['(17)301200', ['17=301200']],
    ['(17)301331', ['BAD_DATE', 0]],
    ['(17)301232', ['BAD_DATE', 0]],
    ['(4324)3012002359', ['4324=3012002359']],
    ['(4324)3012312400', ['BAD_DATE', 0]],
    ['(7003)3012312359', ['7003=3012312359']],
    ['(7003)3012002359', ['BAD_DATE', 0]],
    ['(7006)301200', ['BAD_DATE', 0]],
    ['(4326)301200', ['BAD_DATE', 0]],
    ['(7007)301231310101', ['7007=301231310101']],
    ['(7007)301231310100', ['BAD_DATE', 0]],
    ['(7011)3012312359', ['7011=3012312359']],
    ['(7011)30123123', ['BAD_DATE', 0]],
    ['(8008)301231235959', ['8008=301231235959']],
    ['(7250)20240229', ['7250=20240229']],
    ['(7250)20230229', ['BAD_DATE', 0]],
    ['(7251)202312312359', ['7251=202312312359']],
    ['(7251)202312312360', ['BAD_DATE', 0]],
  ])('%s: %j', (element, expected) => {
    expect(read(element)).toEqual(expected);
  });
});

describe('other values beside the identity', () => {
  it.each<[string, unknown]>([
    ['(03)04012345123456', ['03=04012345123456']],
    ['(717)ABC', ['717=ABC']],
    ['(3954)000123', ['3954=000123']],
    ['(8040)123456789012345', ['8040=123456789012345']],
    ['(8041)12345678901234', ['TOO_SHORT', 0]],
    ['(8042)12345678901234567890123456789012', ['8042=12345678901234567890123456789012']],
    ['(8043)12345678901234567801', ['8043=12345678901234567801']],
    ['(8043)123456789012345678', ['8043=123456789012345678']],
    ['(421)158105', ['421=158105']],
    ['(421)15X105', ['BAD_CHARACTER', 0]],
    ['(421)158', ['TOO_SHORT', 3]],
    ['(423)158392', ['423=158392']],
    ['(423)1583', ['BAD_CHARACTER', 0]],
    ['(4309)18000000003600000000', ['4309=18000000003600000000']],
    ['(4309)18000000013600000000', ['FIELD_OVERFLOW', 0]],
    ['(4309)18000000003600000001', ['FIELD_OVERFLOW', 10]],
    ['(4300)a%20b', ['4300=a%20b']],
    ['(4300)ab%2', ['BAD_ESCAPE', 2]],
    ['(7040)1A2B', ['7040=1A2B']],
    ['(7040)AA2B', ['BAD_CHARACTER', 0]],
    ['(7230)AB', ['TOO_SHORT', 0]],
    ['(7241)11', ['BAD_CHARACTER', 0]],
    ['(7252)3', ['BAD_CHARACTER', 0]],
    ['(8001)12341234512391', ['8001=12341234512391']],
    ['(8001)00001234512391', ['BAD_CHARACTER', 0]],
    ['(8030)aB-_9', ['8030=aB-_9']],
    ['(8030)aB/9', ['BAD_CHARACTER', 0]],
    ['(3103)0007501', ['TOO_LONG', 0]],
  ])('%s: %j', (element, expected) => {
    expect(read(element)).toEqual(expected);
  });

  it('are refused by a tag that has no place for them, not lost', () => {
    expect(encodeEpc(`${key}(717)ABC`, { scheme: 'sgtin+' })).toMatchObject({
      ok: false,
      error: { code: 'UNKNOWN_AI' },
    });
    expect(isNumericAi('01') && isNumericAi('17') && !isNumericAi('21') && !isNumericAi('88')).toBe(true);
  });
});

describe('an element that is not known', () => {
  it.each<[string, number]>([
    [`${key}(88)xyz`, 27],
    [`${key}(8888)xyz(17)301231`, 29],
    ['(88)x(01)04012345123456(21)1', 4],
    [']d20104012345123456211\u001d88xyz', 23],
    [']d20104012345123456211\u001d88xyz\u001d17301231', 23],
    [']d20104012345123456211\u001dgarbage', 23],
    ['https://shop.example/01/04012345123456/21/1?88=x', 47],
  ])('does not hide the identity: %j', (text, position) => {
    const result = parseTag(text);
    expect(result).toMatchObject({ ok: true, epc: { id }, warnings: [{ code: 'UNKNOWN_AI', position }] });
    if (text.includes('17301231') || text.includes('(17)'))
      expect(result).toMatchObject({ epc: { data: [['17', '301231']] } });
    // What is written on a tag must be known to the last element.
    expect(encodeEpc(text, { scheme: 'sgtin+' })).toMatchObject({ ok: false, error: { code: 'UNKNOWN_AI', position } });
  });

  it('is the reason where it may have been the serial', () => {
    expect(parseTag('(01)04012345123456(88)1')).toMatchObject({
      ok: false,
      error: { code: 'UNKNOWN_AI', position: 22 },
    });
    expect(gtinOf('(01)04012345123456(88)1')).toEqual({ ok: true, gtin: '04012345123456' });
  });

  it('of a web site is its own matter', () => {
    expect(parseTag('https://shop.example/01/04012345123456/21/1?linkType=gs1:pip&x')).toMatchObject({ warnings: [] });
  });
});

describe('what scanners and printers do to an element string', () => {
  it.each([
    '01108573260055401722081110A2021121092220084115197',
    '0110857326005540172208111021121092220084115197',
    ']C101108573260055401722081110A2021121092220084115197',
    '(01)10857326005540(17)999999',
    '(01) 10857326005540 (21) ABC DEF',
    '( 01 ) 1 0857326 00554 0 (21) ABC DEF',
    '01 10857326005540 17 220811',
    '^0110857326005540zzz',
  ])('does not hide the GTIN at its front: %s', (text) => {
    expect(gtinOf(text)).toEqual({ ok: true, gtin: '10857326005540' });
  });

  it.each(['0110857326005541172208', '01108573260055409', '0110857326005540XYZ', '02108573260055401722'])(
    'is guessed no GTIN: %s',
    (text) => {
      expect(gtinOf(text).ok).toBe(false);
    },
  );

  it.each([
    '(01) 07032069804988 (21) ABC',
    '(01) 0 7032069 80498 8 (21) ABC ',
    '(01)07032069804988\n(21)ABC\u001d',
    '(21)\tABC\t(01)\t07032069804988',
  ])('as people print it, %j is that one thing', (text) => {
    expect(parseTag(text)).toMatchObject({
      ok: true,
      epc: { id: 'https://id.gs1.org/01/07032069804988/21/ABC', elementString: '(01)07032069804988(21)ABC' },
    });
  });

  it('is no excuse for a blank inside a serial', () => {
    expect(parseTag('(01) 07032069804988 (21) A C')).toMatchObject({ error: { code: 'BAD_CHARACTER', position: 26 } });
  });
});
