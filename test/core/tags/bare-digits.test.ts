import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit } from '../../../src/tags/bits/digits.ts';
import { encodeEpc, gtinOf, parseTag, plainElementString, standardTags } from '../../../src/tags/index.ts';

/** Valid GTINs that are tried; TAGS_GTINS=1.2e6 is the long run. */
const tried = Number(process.env['TAGS_GTINS'] ?? 40_000);

function outcome(text: string): unknown {
  const result = parseTag(text);
  return result.ok ? result.epc.id : result.error.code;
}

/** Bodies of GTINs: the prefixes that look like AIs are met far more often than chance would. */
const starts = [
  '',
  '401',
  '402',
  '8003',
  '8004',
  '8010',
  '8018',
  '253',
  '255',
  '414',
  '417',
  '00',
  '01',
  '30',
  '40',
  '41',
];
const sizes = [8, 12, 13, 14];

/** The n-th GTIN of a fixed sequence that goes through all sizes and prefixes. */
function gtinAt(n: number): string {
  const size = sizes[n % sizes.length] ?? 8;
  const start = starts[Math.floor(n / sizes.length) % starts.length] ?? '';
  const number = (BigInt(n) * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 10n ** 16n;
  const body = (start + String(number).padStart(16, '0')).slice(0, size - 1);
  return body + checkDigit(body);
}

/** What a GTIN was taken for, or null when it was taken for itself everywhere. */
function faultOf(gtin: string): string | null {
  if (outcome(gtin) !== 'CLASS_LEVEL') return `is ${outcome(gtin)}`;
  const named = gtinOf(gtin);
  if (!named.ok || named.gtin !== gtin.padStart(14, '0')) return 'is not found as a GTIN';
  return standardTags.tokenNamed(gtin) === null ? null : 'is a token';
}

describe('digits alone', () => {
  it(`that are a valid GTIN are never another key, nor a token: ${tried} of them`, () => {
    for (let n = 0; n < tried; n++) {
      const fault = faultOf(gtinAt(n));
      if (fault !== null) expect.fail(`${gtinAt(n)} ${fault}`);
    }
    expect(new Set(Array.from({ length: 1000 }, (_, n) => gtinAt(n))).size).toBeGreaterThan(990);
  }, 1_200_000);

  it('as many as a GTIN has get the error of a wrong check digit, however they begin', () => {
    for (const text of ['300450549108', '4012345123457', '96385075', '40123451234567', '80049506001234'])
      expect([text, outcome(text)]).toEqual([text, 'CHECK_DIGIT']);
    expect(parseTag('300450549108')).toMatchObject({ error: { position: 11, expected: '5' } });
  });

  it('of which 18 have the check digit of an SSCC are that one logistic unit', () => {
    expect(outcome('095060001343520116')).toBe('https://id.gs1.org/00/095060001343520116');
    expect(parseTag('095060001343520117')).toMatchObject({ ok: false, error: { code: 'CHECK_DIGIT', position: 17 } });
    expect(encodeEpc('095060001343520116', { scheme: 'sscc+' })).toMatchObject({
      ok: true,
      epc: { id: 'https://id.gs1.org/00/095060001343520116' },
    });
  });

  it('of which 13 could be a GLN are a GTIN: a place is named by its AI', () => {
    expect(outcome('4710088000019')).toBe('CLASS_LEVEL');
    expect(outcome('(414)4710088000019')).toBe('https://id.gs1.org/414/4710088000019');
  });

  it('that are a valid EPC stay hex, and other long ones are no key', () => {
    expect(outcome('4010909135455658473727096634')).toBe('https://id.gs1.org/8006/718948714100174871/21/59219532173');
    // A GCN without its AI, an EAN-13 with its add-on, a SKU.
    for (const text of ['4012311234650999999999999', '401234512345612', '40112345678', '80049506001'])
      expect([text, outcome(text)]).toEqual([text, 'TOO_SHORT']);
  });

  it('of another length get an error that names the lengths there are, not bytes', () => {
    for (const text of ['401234512345612', '40112345678', '4012311234650999999999999']) {
      const error = { code: 'TOO_SHORT', expected: expect.stringContaining('18 of an SSCC') };
      expect(parseTag(text)).toMatchObject({ ok: false, error });
    }
    expect(parseTag('ABC')).toMatchObject({ ok: false, error: { expected: 'whole bytes' } });
  });

  it('and other text are no key without a check digit, unless brackets, FNC1 or a symbology identifier say so', () => {
    for (const ai of ['401', '8004']) {
      const id = `https://id.gs1.org/${ai}/950600ABCXYZ`;
      expect(outcome(`${ai}950600ABCXYZ`)).not.toBe(id);
      expect(standardTags.tokenNamed(`${ai}950600ABCXYZ`)).toBeNull();
      for (const text of [
        `(${ai})950600ABCXYZ`,
        `]C1${ai}950600ABCXYZ`,
        `]d2${ai}950600ABCXYZ`,
        `]Q3${ai}950600ABCXYZ`,
      ])
        expect([text, outcome(text)]).toEqual([text, id]);
      for (const text of [`\u001d${ai}950600ABCXYZ`, `^${ai}950600ABCXYZ`])
        expect([text, outcome(text)]).toEqual([text, id]);
    }
    fc.assert(
      fc.property(fc.stringMatching(/^(401|8004|8010)[0-9A-F]{4,30}$/), (text) => {
        const parsed = parseTag(text);
        expect(parsed.ok && ['ginc', 'giai', 'cpi'].includes(parsed.epc.scheme)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('are marked by FNC1 where we write such a key, so that it is read again', () => {
    for (const text of ['(8004)950600ABC', '(401)950600ABC', '(253)950600013435212']) {
      const parsed = parseTag(text);
      const plain = (parsed.ok && plainElementString(parsed.epc)) || '';
      expect([text, outcome(plain)]).toEqual([text, parsed.ok && parsed.epc.id]);
    }
  });
});

describe('a GTIN of zeros', () => {
  it.each([
    '00000000000000',
    '0000000000000',
    '000000000000',
    '00000000',
    ']E00000000000000',
    '(01)00000000000000(21)1',
    ']d20100000000000000211',
    '(8006)000000000000000101(21)1',
    'https://id.gs1.org/01/00000000000000/21/1',
    'urn:epc:id:sgtin:000000.0000000.1',
    'urn:epc:tag:sgtin-96:0.000000.0000000.1',
    '(01)09506000134352(21)1(02)00000000000000',
  ])('is none: %s', (text) => {
    expect(outcome(text)).toBe('RESERVED_VALUE');
    expect(encodeEpc(text, { companyPrefixLength: 7 })).toMatchObject({ ok: false, error: { code: 'RESERVED_VALUE' } });
    if (!text.includes('(02)')) expect(gtinOf(text)).toMatchObject({ ok: false });
  });

  it('on a tag is content that no scheme explains', () => {
    expect(standardTags.identityOf('301800000000000000000001')).toMatchObject({
      epc: { scheme: 'raw', gtin: null },
      problem: { code: 'RESERVED_VALUE' },
    });
  });
});

describe('a person’s token', () => {
  it.each<[string, string | null]>([
    ['04252614', 'urn:silentgate:uid:04252614'],
    ['uid:73152606', 'urn:silentgate:uid:73152606'],
    ['UID: 04:a1:b2:c3', 'urn:silentgate:uid:04A1B2C3'],
    ['uid:04 A1 B2 C3 D4 E5 F6', 'urn:silentgate:uid:04A1B2C3D4E5F6'],
    ['04123456789012', 'urn:silentgate:uid:04123456789012'],
    ['urn:silentgate:tid:e2801160', 'urn:silentgate:tid:E2801160'],
    ['urn:epc:id:sgtin:0614141.812345.6789', 'https://id.gs1.org/01/80614141123458/21/6789'],
    ['73152606', null],
    ['4012345123456', null],
    ['0104012345123456', null],
    [']E04012345123456', null],
    ['(01)04012345123456', null],
    ['(01)04012345123456(10)L', null],
    ['urn:epc:class:lgtin:4012345.012345.L', null],
    ['4012345123457', null],
    ['uid:123', null],
    ['uid:', null],
    ['uid:zz', null],
  ])('%s is %s', (text, id) => {
    expect(standardTags.tokenNamed(text)).toBe(id);
  });
});
