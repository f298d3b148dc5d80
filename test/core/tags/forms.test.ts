import { describe, expect, it } from 'vitest';
import { encodeEpc, gtinOf, parseGtin, parseTag, plainElementString } from '../../../src/tags/index.ts';

const link = 'https://id.gs1.org/01/09506000134352/21/32a%2Fb';

function epcOf(text: string, options = {}) {
  const result = parseTag(text, options);
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.error)}`);
  return result.epc;
}

function codeOf(text: string, options = {}) {
  const result = parseTag(text, options);
  return result.ok ? result.epc.id : result.error.code;
}

describe('text forms of one SGTIN', () => {
  it.each([
    ['bracketed', '(01)09506000134352(21)32a/b'],
    ['bracketed, key last', '(21)32a/b(01)09506000134352'],
    ['plain', '01095060001343522132a/b'],
    ['plain with symbology identifier', ']d201095060001343522132a/b'],
    ['plain with FNC1 in front', '\u001d01095060001343522132a/b'],
    ['unbracketed with ^', '^01095060001343522132a/b^17301231'],
    ['canonical link', link],
    ['another host', 'https://shop.example.com/01/09506000134352/21/32a%2Fb'],
    ['a host with a path', 'https://shop.example.com/some/page/01/09506000134352/21/32a%2Fb'],
    [
      'a host with a port, a fragment and other parameters',
      'http://shop.example.com:8080/01/09506000134352/21/32a%2Fb?lang=zh#top',
    ],
    ['capital scheme', 'HTTPS://ID.GS1.ORG/01/09506000134352/21/32a%2Fb'],
    ['GTIN-13 in a link', 'https://id.gs1.org/01/9506000134352/21/32a%2Fb'],
    ['lower-case escape', 'https://id.gs1.org/01/09506000134352/21/32a%2fb'],
    ['pure identity URI', 'urn:epc:id:sgtin:9506000.013435.32a%2Fb'],
    ['tag URI', 'urn:epc:tag:sgtin-198:1.9506000.013435.32a%2Fb'],
    ['tag URI with control fields', 'urn:epc:tag:[att=x01][umi=1]:sgtin-198:1.9506000.013435.32a%2Fb'],
  ])('%s', (_, text) => {
    expect(epcOf(text).id).toBe(link);
  });

  it('keeps data beside the key, in the path and in the query', () => {
    const epc = epcOf('https://shop.example.com/01/09506000134352/10/LOT%2F1/21/7?17=301231&3103=000750&lang=zh');
    expect(epc.data).toEqual([
      ['10', 'LOT/1'],
      ['17', '301231'],
      ['3103', '000750'],
    ]);
    expect(epc.elementString).toBe('(01)09506000134352(21)7(10)LOT/1(17)301231(3103)000750');
    expect(epc.digitalLink).toBe('https://id.gs1.org/01/09506000134352/10/LOT%2F1/21/7?17=301231&3103=000750');
    expect(epc.id).toBe('https://id.gs1.org/01/09506000134352/21/7');
  });

  it('reads the words of Digital Link 1.1 only when asked', () => {
    const text = 'https://id.gs1.org/gtin/09506000134352/ser/32a%2Fb?exp=301231';
    expect(codeOf(text)).toBe('SYNTAX');
    expect(epcOf(text, { aliases: true })).toMatchObject({ id: link, data: [['17', '301231']] });
  });

  it('writes a plain element string with FNC1 only where it is needed', () => {
    const epc = epcOf('(01)09506000134352(21)7(10)A(17)301231');
    expect(plainElementString(epc)).toBe('0109506000134352217\u001d10A\u001d17301231');
    expect(epcOf(plainElementString(epc) ?? '')).toMatchObject({ id: epc.id, data: epc.data });
    expect(plainElementString(epcOf('urn:epc:id:gid:1.2.3'))).toBeNull();
  });

  it('escapes a bracket that would look like an AI', () => {
    const epc = epcOf('urn:epc:id:sgtin:9506000.013435.a(10)b');
    expect(epc.elementString).toBe('(01)09506000134352(21)a\\(10)b');
    expect(epcOf(epc.elementString ?? '').id).toBe(epc.id);
  });
});

describe('the host of a link', () => {
  it('is written into a ++ tag, unless it is the standard’s own, however that is spelled', () => {
    const path = '/01/09506000134352/21/7';
    const host = (link: string) => {
      const made = encodeEpc(link, { scheme: 'sgtin++' });
      return made.ok ? made.epc.fields['hostname'] : made.error.expected;
    };
    expect(host(`https://Shop.Example:8443${path}`)).toBe('Shop.Example:8443');
    expect(host(`https://id.gs1.org${path}`)).toBe('hostname');
    expect(host(`HTTPS://ID.GS1.ORG${path}`)).toBe('hostname');
  });
});

describe('identifiers without a tag encoding', () => {
  it.each([
    [
      'urn:epc:class:lgtin:9506000.013435.LOT-1',
      'https://id.gs1.org/01/09506000134352/10/LOT-1',
      '(01)09506000134352(10)LOT-1',
    ],
    [
      'urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7',
      'https://id.gs1.org/01/01234567894560/235/51qIgY%29%3C%26Jp3%2Aj7',
      '(01)01234567894560(235)51qIgY)<&Jp3*j7',
    ],
    ['urn:epc:id:pgln:0614141.12345', 'https://id.gs1.org/417/0614141123452', '(417)0614141123452'],
    ['urn:epc:id:ginc:0614141.xyz47%2F11', 'https://id.gs1.org/401/0614141xyz47%2F11', '(401)0614141xyz47/11'],
    ['urn:epc:id:gsin:0614141.123456789', 'https://id.gs1.org/402/06141411234567890', '(402)06141411234567890'],
    ['urn:epc:id:bic:CSQU3054383', 'urn:epc:id:bic:CSQU3054383', null],
    ['urn:epc:id:imovn:9176187', 'urn:epc:id:imovn:9176187', null],
  ])('%s', (uri, id, elementString) => {
    expect(epcOf(uri)).toMatchObject({ id, elementString, epcUri: uri, hex: null, tagUri: null });
    if (elementString !== null)
      expect(epcOf(elementString, { companyPrefixLength: 7 })).toMatchObject({ id, epcUri: uri });
    expect(encodeEpc(uri)).toMatchObject({ ok: false, error: { code: 'NOT_ENCODABLE' } });
  });
});

describe('GTINs as people type them', () => {
  it.each([
    ['96385074', '00000096385074'],
    ['614141007349', '00614141007349'],
    ['9506000134352', '09506000134352'],
    ['19506000134359', '19506000134359'],
    ['9 506000 134352', '09506000134352'],
    ['(01)09506000134352', '09506000134352'],
    ['0109506000134352', '09506000134352'],
    ['https://example.com/01/09506000134352?17=301231', '09506000134352'],
    ['urn:epc:idpat:sgtin:9506000.013435.*', '09506000134352'],
    [link, '09506000134352'],
    ['30164596F40C0E5CBE991A83', '09528765123457'],
  ])('%s is %s', (text, gtin) => {
    expect(gtinOf(text)).toEqual({ ok: true, gtin });
  });

  it.each([
    ['9506000134353', 'CHECK_DIGIT'],
    ['950600013435', 'CHECK_DIGIT'],
    ['12345', 'TOO_SHORT'],
    ['123456789012345', 'TOO_LONG'],
    ['95060001343A2', 'BAD_CHARACTER'],
  ])('%s is refused as %s', (text, code) => {
    expect(parseGtin(text)).toMatchObject({ ok: false, error: { code } });
  });

  it('names a class, not a thing', () => {
    expect(codeOf('9506000134352')).toBe('CLASS_LEVEL');
    expect(codeOf('(01)09506000134352')).toBe('CLASS_LEVEL');
    expect(codeOf('0109506000134352')).toBe('CLASS_LEVEL');
    expect(codeOf('urn:epc:idpat:sgtin:9506000.013435.*')).toBe('CLASS_LEVEL');
    expect(codeOf('urn:epc:pat:sgtin-96:3.9506000.013435.*')).toBe('CLASS_LEVEL');
    expect(gtinOf('urn:epc:id:gid:1.2.3')).toMatchObject({ ok: false });
  });
});

describe('where the fault is', () => {
  it.each([
    ['(01)09506000134353(21)7', 17, '2'],
    ['(01)09506000134352(21)a b', 23, 'character set 82'],
    ['https://id.gs1.org/01/09506000134353/21/7', 35, '2'],
    ['urn:epc:id:sgtin:9506000.0134X5.7', 25, '0-9'],
    ['urn:epc:id:sgtin:9506000.013435.a"b', 33, '%22'],
    ['urn:epc:tag:sgtin-96:9.9506000.013435.7', 21, '0 to 7'],
    ['urn:epc:id:gid:1.02.3', 17, 'no leading zero'],
    ['3074257BF7194E4000001A8Z', 92, '0-9 A-F'],
    ['303C83F1B7DD441678901234', 11, '0 to 6'],
    ['3036625A0000004000000001', 14, 'at most 7 digits'],
  ])('%s: position %i, %s', (text, position, expected) => {
    expect(parseTag(text)).toMatchObject({ ok: false, error: { position, expected } });
  });
});

describe('what is no identifier', () => {
  it.each([
    ['', 'EMPTY'],
    ['hello', 'SYNTAX'],
    ['0x3074257BF7194E4000001A85', 'SYNTAX'],
    ['3074257BF7194E40 00001A85', 'SYNTAX'],
    ['urn:epc:id:unknown:1.2.3', 'UNKNOWN_SCHEME'],
    ['urn:epc:tag:sgtin+:1.9506000.013435.7', 'UNKNOWN_SCHEME'],
    ['https://example.com/', 'SYNTAX'],
    ['https://id.gs1.org/01/09506000134352/21/%zz', 'BAD_ESCAPE'],
    ['(01)0950600013435(21)7', 'TOO_SHORT'],
    ['(01)095060001343521(21)7', 'TOO_LONG'],
    [']d29909506000134352', 'UNKNOWN_AI'],
    ['(01)09506000134352(21)7(17)301331', 'BAD_DATE'],
    ['(01)09506000134352(89)1', 'UNKNOWN_AI'],
    ['(01)09506000134352(21)7(3103)75', 'TOO_SHORT'],
    ['https://id.gs1.org/01/09506000134352/21/7?17=2', 'BAD_DATE'],
    ['https://id.gs1.org/01/09506000134352/21/7?21=8', 'SYNTAX'],
    ['urn:epc:raw:95.x30', 'SYNTAX'],
  ])('%s: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('a raw URI is written as its bits', () => {
    expect(encodeEpc('urn:epc:raw:96.xE28011602000123456789ABC')).toMatchObject({
      ok: true,
      epc: { hex: 'E28011602000123456789ABC' },
    });
  });

  it('a raw URI of a known tag names that tag', () => {
    expect(epcOf('urn:epc:raw:96.x30164596F40C0E5CBE991A83').scheme).toBe('sgtin-96');
    expect(epcOf('urn:epc:raw:96.xA9.x3074257BF7194E4000001A85')).toMatchObject({
      scheme: 'raw',
      fields: { afi: 'A9' },
    });
  });
});

describe('components at their limits', () => {
  it.each([
    ['urn:epc:id:cpi:9506000.12345678901234567890123.1', null],
    ['urn:epc:id:cpi:9506000.123456789012345678901234.1', 'TOO_LONG'],
    ['urn:epc:id:giai:9506000.12345678901234567890123', null],
    ['urn:epc:id:giai:9506000.123456789012345678901234', 'TOO_LONG'],
    ['urn:epc:id:ginc:9506000.12345678901234567890123', null],
    ['urn:epc:id:ginc:9506000.123456789012345678901234', 'TOO_LONG'],
    ['urn:epc:class:lgtin:9506000.013435.12345678901234567890', null],
    ['urn:epc:class:lgtin:9506000.013435.123456789012345678901', 'TOO_LONG'],
    ['urn:epc:id:upui:9506000.013435.1234567890123456789012345678', null],
    ['urn:epc:id:upui:9506000.013435.12345678901234567890123456789', 'TOO_LONG'],
    ['urn:epc:id:bic:ACSQU3054383', 'BAD_CHARACTER'],
    ['urn:epc:id:bic:CSQU30543830', 'BAD_CHARACTER'],
    ['urn:epc:id:bic:CSIU3054383', 'BAD_CHARACTER'],
    ['urn:epc:id:bic:CSQA3054383', 'BAD_CHARACTER'],
    ['urn:epc:id:imovn:917618', 'TOO_SHORT'],
    ['urn:epc:id:imovn:91761870', 'TOO_LONG'],
    ['urn:epc:id:gid:268435455.16777215.68719476735', null],
    ['urn:epc:id:gid:268435456.1.1', 'FIELD_OVERFLOW'],
    ['urn:epc:id:gid:1.16777216.1', 'FIELD_OVERFLOW'],
    ['urn:epc:id:gid:1.1.68719476736', 'FIELD_OVERFLOW'],
    ['urn:epc:id:usdod:2S194.68719476736', 'FIELD_OVERFLOW'],
    ['urn:epc:id:usdod:2S1944.68719476735', null],
    ['urn:epc:id:usdod:A2S1944.1', 'BAD_CHARACTER'],
    ['urn:epc:id:usdod:2S19.1', 'BAD_CHARACTER'],
  ])('%s: %s', (uri, code) => {
    const result = parseTag(uri);
    expect(result.ok ? null : result.error.code).toBe(code);
  });
});
