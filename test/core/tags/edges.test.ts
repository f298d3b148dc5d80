import { describe, expect, it } from 'vitest';
import { hexOf, newWriter, put } from '../../../src/tags/bits/writer.ts';
import { decodeEpc, encodeEpc, identityOf, parseTag } from '../../../src/tags/index.ts';

/** Bits as groups of value and width, in hex. */
function hexOfBits(...groups: [value: number, width: number][]): string {
  const writer = newWriter();
  for (const [value, width] of groups) put(writer, value, width);
  return hexOf(writer);
}

const sixBit = (text: string): [number, number][] => [...text].map((character) => [character.charCodeAt(0) & 63, 6]);

/** ADI: header, filter, CAGE with its blank, then texts as given. */
function adi(part: string, serial: string): string {
  return hexOfBits([0x3b, 8], [0, 6], [32, 6], ...sixBit('1TQ07'), ...sixBit(part), [0, 6], ...sixBit(serial), [0, 6]);
}

function outcome(hex: string) {
  const result = decodeEpc(hex);
  return result.ok ? result.epc.epcUri : [result.error.code, result.error.position];
}

describe('a GIAI-202 whose bits have room for more characters than its table allows', () => {
  const giai = (text: string) =>
    hexOfBits(
      [0x38, 8],
      [0, 6],
      [36838776756, 40],
      ...[...text].map((character): [number, number] => [character.charCodeAt(0), 7]),
      [0, 148 - text.length * 7],
    );

  it('takes 18 and refuses 19 as too long', () => {
    expect(decodeEpc(giai('123456789012345678'))).toMatchObject({ ok: true });
    expect(decodeEpc(giai('1234567890123456789'))).toMatchObject({
      ok: false,
      error: { code: 'TOO_LONG', position: 180, expected: 'at most 18 characters' },
    });
  });
});

describe('a delimited numeric that ends where it begins', () => {
  it.each([
    ['CPI+', 'F07F4F6339E573EA69FC344DF2BC31D5', 12],
    ['GIAI+', 'FA0F0000', 12],
    ['the GIAI of +AIDC data', 'F780952019876543302550009E00', 99],
  ])('is empty, and %s may not be', (_, hex, position) => {
    expect(decodeEpc(hex)).toMatchObject({ ok: false, error: { code: 'TOO_SHORT', position } });
  });
});

describe('the edges of content', () => {
  it('has at least one byte, whole bytes, and at most 496 bits', () => {
    expect(outcome('')).toEqual(['EMPTY', 0]);
    expect(outcome('303')).toEqual(['TOO_SHORT', 12]);
    expect(outcome('44'.repeat(62))).toBe(`urn:epc:raw:496.x${'44'.repeat(62)}`);
    expect(outcome('44'.repeat(63))).toEqual(['TOO_LONG', 496]);
    expect(outcome('30é4')).toEqual(['SYNTAX', 8]);
  });

  it('is read in either case and spelled in capitals', () => {
    expect(identityOf('44ab').epc).toMatchObject({ id: 'urn:epc:raw:16.x44AB', hex: '44AB' });
  });

  it('that is no hex has an identity of its own without hex', () => {
    expect(identityOf('zz')).toMatchObject({
      epc: { id: 'urn:epc:raw:32.x007A007A', hex: null },
      problem: { code: 'SYNTAX' },
    });
    expect(identityOf('zy').epc.id).not.toBe(identityOf('zz').epc.id);
  });

  it('knows why it has no scheme', () => {
    expect(identityOf('00FF').problem).toMatchObject({
      code: 'RESERVED_HEADER',
      message: 'The tag is not programmed.',
    });
    expect(identityOf('E2FF').problem).toMatchObject({
      code: 'RESERVED_HEADER',
      message: 'No scheme has this header.',
    });
  });
});

describe('the edges of text', () => {
  const link = 'https://id.gs1.org/01/09506000134352/21/7';

  it.each<[string, (text: string) => object]>([
    ['parsed', parseTag],
    ['encoded', (text) => encodeEpc(text, { scheme: 'sgtin+' })],
  ])('of any form are at 8,192 characters when it is %s', (_, read) => {
    expect(read(`${link}?web=`.padEnd(8192, 'x'))).toMatchObject({ ok: true });
    expect(read(`${link}?web=`.padEnd(8193, 'x'))).toMatchObject({
      ok: false,
      error: { code: 'TOO_LONG', position: 8192, expected: 'at most 8192 characters' },
    });
  });
});

describe('the edges of ADI', () => {
  it.each<[string, string, unknown]>([
    ['3KL9', '#2WM', 'urn:epc:id:adi:1TQ07.3KL9.%232WM'],
    ['', '1', 'urn:epc:id:adi:1TQ07..1'],
    ['A'.repeat(32), '#'.padEnd(30, '9'), `urn:epc:id:adi:1TQ07.${'A'.repeat(32)}.%23${'9'.repeat(29)}`],
    ['3KL9', '#', ['BAD_CHARACTER', 86]],
    ['3KL9', '2#', ['BAD_CHARACTER', 86]],
    ['3KL9', '##', ['BAD_CHARACTER', 86]],
    ['#', '1', ['BAD_CHARACTER', 50]],
    ['3KL9', '', ['BAD_CHARACTER', 80]],
    ['A'.repeat(33), '1', ['TOO_LONG', 242]],
    ['3KL9', '1'.repeat(31), ['TOO_LONG', 260]],
  ])('part %s, serial %s', (part, serial, expected) => {
    expect(outcome(adi(part, serial))).toEqual(expected);
  });

  it('ends only at a zero character', () => {
    const cut = hexOfBits([0x3b, 8], [0, 6], [32, 6], ...sixBit('1TQ07'), ...sixBit('ABCDE'));
    expect(outcome(cut)).toEqual(['TOO_SHORT', 80]);
  });

  it.each<[string, unknown]>([
    ['urn:epc:tag:adi-var:0.1TQ07.3KL9.%23', 'BAD_CHARACTER'],
    ['urn:epc:tag:adi-var:0.1TQ07.3KL9.1%23', 'BAD_CHARACTER'],
    ['urn:epc:tag:adi-var:0.1TQ0.3KL9.1', 'BAD_CHARACTER'],
    ['urn:epc:tag:adi-var:0.1TQ0777.3KL9.1', 'BAD_CHARACTER'],
    ['urn:epc:tag:usdod-96:0.OTQ07.1', 'BAD_CHARACTER'],
  ])('%s is refused', (uri, code) => {
    expect(encodeEpc(uri)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('the edges of partitions', () => {
  it.each([
    ['urn:epc:tag:giai-96:0.0614141.288230376151711743', 'urn:epc:id:giai:0614141.288230376151711743'],
    ['urn:epc:tag:cpi-96:0.061414112345.999.2147483647', 'urn:epc:id:cpi:061414112345.999.2147483647'],
    ['urn:epc:tag:cpi-96:0.061414112345.0.0', 'urn:epc:id:cpi:061414112345.0.0'],
  ])('%s is the most or least that fits', (uri, pure) => {
    const result = encodeEpc(uri);
    expect(result.ok && result.epc.epcUri).toBe(pure);
  });

  it.each([
    ['urn:epc:tag:giai-96:0.0614141.288230376151711744', 'FIELD_OVERFLOW'],
    ['urn:epc:tag:cpi-96:0.061414112345.1000.0', 'FIELD_OVERFLOW'],
    ['urn:epc:tag:cpi-96:0.061414112345.1.2147483648', 'FIELD_OVERFLOW'],
    ['urn:epc:tag:sscc-96:8.0614141.1234567890', 'FIELD_OVERFLOW'],
    ['urn:epc:tag:sscc-96:x.0614141.1234567890', 'BAD_CHARACTER'],
    ['urn:epc:tag:sgtin-96:00.0614141.812345.1', 'BAD_CHARACTER'],
    ['urn:epc:tag:gdti-113:0.0614141.12345.', 'TOO_SHORT'],
    ['urn:epc:tag:gdti-113:0.0614141.12345.A', 'BAD_CHARACTER'],
    ['urn:epc:tag:giai-202:0.061414112345.1234567890123456789', 'TOO_LONG'],
    ['urn:epc:tag:cpi-var:0.061414112345.1234567890123456789.1', 'TOO_LONG'],
  ])('%s does not fit', (uri, code) => {
    expect(encodeEpc(uri)).toMatchObject({ ok: false, error: { code } });
  });

  it('a reference has no more digits than its partition leaves, though its bits would hold them', () => {
    const refused = encodeEpc('urn:epc:tag:cpi-96:0.061414112345.1000.0');
    expect(refused).toMatchObject({ ok: false, error: { position: 34, expected: 'at most 999' } });
  });

  it('text may fill its field to the last bit', () => {
    const full = encodeEpc('urn:epc:tag:gdti-174:0.0614141.12345.ABCDEFGHIJ1234567');
    expect(full.ok && full.epc.fields['serial']).toBe('ABCDEFGHIJ1234567');
    expect(outcome('36164433400D1E'.padEnd(52, '0'))).toEqual(['BAD_CHARACTER', 58]);
  });
});

describe('what an encoder refuses', () => {
  const link = 'https://id.gs1.org/01/09506000134352/21/7';
  it.each<[string, object, string]>([
    ['a scheme of another kind', { scheme: 'sscc-96' }, 'NOT_ENCODABLE'],
    ['an unknown scheme', { scheme: 'sgtin-64' }, 'UNKNOWN_SCHEME'],
    ['a filter that is too large', { scheme: 'sgtin+', filter: 8 }, 'FIELD_OVERFLOW'],
    ['a filter below zero', { scheme: 'sgtin+', filter: -1 }, 'FIELD_OVERFLOW'],
    ['half a filter', { scheme: 'sgtin+', filter: 0.5 }, 'FIELD_OVERFLOW'],
    ['a classic scheme without prefix length', { scheme: 'sgtin-96' }, 'NOT_ENCODABLE'],
    ['++ without host', { scheme: 'sgtin++' }, 'NOT_ENCODABLE'],
    ['a host that is none', { scheme: 'sgtin++', hostname: 'a b' }, 'BAD_CHARACTER'],
    ['an empty host', { scheme: 'sgtin++', hostname: '' }, 'TOO_SHORT'],
    ['a host that is too long', { scheme: 'sgtin++', hostname: 'a'.repeat(64) }, 'TOO_LONG'],
    ['DSGTIN without date', { scheme: 'dsgtin+' }, 'NOT_ENCODABLE'],
  ])('%s', (_, options, code) => {
    expect(encodeEpc(link, options)).toMatchObject({ ok: false, error: { code } });
  });

  it('more than a tag can hold', () => {
    const data = `(01)09506000134352(21)7(10)${'x'.repeat(20)}(240)${'y'.repeat(30)}(241)${'z'.repeat(30)}(250)${'w'.repeat(30)}`;
    expect(encodeEpc(data, { scheme: 'sgtin+' })).toMatchObject({
      ok: false,
      error: { code: 'TOO_LONG', expected: '496 bits' },
    });
  });

  it('nothing where the first fitting scheme can hold it', () => {
    const schemeOf = (text: string, options = {}) => {
      const result = encodeEpc(text, options);
      return result.ok ? result.epc.scheme : result.error.code;
    };
    expect(schemeOf(link)).toBe('sgtin+');
    expect(schemeOf(link, { companyPrefixLength: 7 })).toBe('sgtin-96');
    expect(schemeOf(`${link}7?17=301231`, { companyPrefixLength: 7 })).toBe('sgtin+');
    expect(schemeOf('urn:epc:id:sgtin:9506000.013435.007')).toBe('sgtin-198');
    expect(schemeOf('urn:epc:id:gdti:9506000.01343.007')).toBe('gdti-174');
    expect(schemeOf('https://shop.example.com/01/09506000134352/21/7', { scheme: 'sgtin++' })).toBe('sgtin++');
    expect(schemeOf('urn:epc:id:gid:1.2.3')).toBe('gid-96');
    expect(schemeOf('urn:epc:id:gid:1.2.3', { filter: 1 })).toBe('FIELD_OVERFLOW');
  });
});

describe('odd but valid + tags', () => {
  it('carry every mark that applies, once', () => {
    // Toggle set without data, serial 12345 and host a.b written longer than needed.
    const made = encodeEpc('https://A.B/01/09506000134352/21/7', { scheme: 'sgtin++' });
    expect(made.ok && made.epc.marks).toEqual([]);
    const gtin: [number, number][] = [...'09506000134352'].map((digit) => [Number(digit), 4]);
    const serial: [number, number][] = [
      [4, 3],
      [1, 5],
      [0x37, 7],
    ];
    const odd = hexOfBits([0xf7, 8], [1, 1], [0, 3], ...gtin, ...serial);
    expect(decodeEpc(odd)).toMatchObject({
      ok: true,
      epc: { marks: ['NON_SHORTEST', 'TOGGLE_MISMATCH'], fields: { serial: '7' } },
    });
    const twice = hexOfBits([0xf7, 8], [1, 1], [0, 3], ...gtin, ...serial, [1, 4], [0, 4], ...serial);
    expect(decodeEpc(twice)).toMatchObject({ ok: true, epc: { marks: ['NON_SHORTEST'], data: [['10', '7']] } });
  });
});

describe('the edges of CAGE and DoDAAC codes', () => {
  const usdod = (code: string) =>
    hexOfBits(
      [0x2f, 8],
      [0, 4],
      ...[...code].map((character): [number, number] => [character.charCodeAt(0), 8]),
      [7, 36],
    );

  it.each([
    [' 2S194', 'urn:epc:id:usdod:2S194.7'],
    ['ABCHJN', 'urn:epc:id:usdod:ABCHJN.7'],
    ['PZ0189', 'urn:epc:id:usdod:PZ0189.7'],
    [' 2S19O', ['BAD_CHARACTER', 52]],
    ['I2S194', ['BAD_CHARACTER', 12]],
    ['2 S194', ['BAD_CHARACTER', 20]],
    ['  S194', ['BAD_CHARACTER', 20]],
    ['2S19a4', ['BAD_CHARACTER', 44]],
  ])('%j: %j', (code, expected) => {
    expect(outcome(usdod(code))).toEqual(expected);
  });

  it('say which characters they have', () => {
    expect(decodeEpc(usdod('2S19O4'))).toMatchObject({ ok: false, error: { expected: '0-9 A-Z without I and O' } });
  });
});
