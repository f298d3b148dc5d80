import { describe, expect, it } from 'vitest';
import { encodeEpc, identityOf, parseTag } from '../../../src/tags/index.ts';

function outcome(text: string, options = {}): unknown {
  const result = parseTag(text, options);
  return result.ok ? result.epc.id : [result.error.code, result.error.position];
}

const gtin = '09506000134352';
const base = 'https://id.gs1.org/';

describe('digits that could be hex or an element string', () => {
  it.each([
    [`01${gtin}2177`, `${base}01/${gtin}/21/77`],
    ['00095060001343520116', `${base}00/095060001343520116`],
    ['4149506000134352', `${base}414/9506000134352`],
    ['40295060001234567893', `${base}402/95060001234567893`],
    ['8004950600012345', 'urn:epc:raw:64.x8004950600012345'],
    [`01${gtin}`, ['CLASS_LEVEL', null]],
    ['0109506000134353', 'urn:epc:raw:64.x0109506000134353'],
    ['01095060001343532177', 'urn:epc:raw:80.x01095060001343532177'],
    ['4019506000123456', ['TOO_SHORT', 64]],
    ['4149506000134353', ['TOO_SHORT', 64]],
    ['9901', 'urn:epc:raw:16.x9901'],
    // An ITIP-110 tag of digits only: it would be an AI 401 too.
    ['4010909135455658473727096634', `${base}8006/718948714100174871/21/59219532173`],
    ['00', 'urn:epc:raw:8.x00'],
    ['30164596F40C0E5CBE991A83', `${base}01/09528765123457/21/123456789123`],
  ])('%s is what makes sense of it', (text, expected) => {
    expect(outcome(text)).toEqual(expected);
  });

  it('of 8 or 12 to 14 digits alone are a GTIN', () => {
    for (const text of ['96385074', '614141007349', '9506000134352', gtin]) {
      expect(parseTag(text)).toMatchObject({
        ok: false,
        error: { code: 'CLASS_LEVEL', expected: 'a serial number, AI 21' },
      });
    }
    expect(outcome('96385075')).toEqual(['CHECK_DIGIT', 7]);
    expect(outcome('9638507')).toEqual(['TOO_SHORT', 28]);
    expect(outcome('963850744')).toEqual(['TOO_SHORT', 36]);
    expect(outcome('99999999999')).toEqual(['TOO_SHORT', 44]);
    expect(outcome('950600013435200')).toEqual(['TOO_SHORT', 60]);
  });
});

describe('a tag URI', () => {
  it.each<[string, unknown]>([
    ['urn:epc:tag:sgtin-96:7.9506000.013435.7', `${base}01/${gtin}/21/7`],
    ['urn:epc:tag:sgtin-96:0.9506000.013435.7', `${base}01/${gtin}/21/7`],
    ['urn:epc:tag:[umi=1]:sgtin-96:0.9506000.013435.7', `${base}01/${gtin}/21/7`],
    ['urn:epc:tag:gid-96:1.2.3', 'urn:epc:id:gid:1.2.3'],
    ['urn:epc:tag:usdod-96:15.2S194.1', 'urn:epc:id:usdod:2S194.1'],
    ['urn:epc:tag:adi-var:63.2S194.3KL9.1', 'urn:epc:id:adi:2S194.3KL9.1'],
    ['urn:epc:tag:sgtin-96:8.9506000.013435.7', ['FIELD_OVERFLOW', 21]],
    ['urn:epc:tag:usdod-96:16.2S194.1', ['FIELD_OVERFLOW', 21]],
    ['urn:epc:tag:adi-var:64.2S194.3KL9.1', ['FIELD_OVERFLOW', 20]],
    ['urn:epc:tag:sgtin-96:.9506000.013435.7', ['BAD_CHARACTER', 21]],
    ['urn:epc:tag:sgtin-96:1a.9506000.013435.7', ['BAD_CHARACTER', 21]],
    ['urn:epc:tag:sgtin-96:a1.9506000.013435.7', ['BAD_CHARACTER', 21]],
    ['urn:epc:tag:sgtin-96:01.9506000.013435.7', ['BAD_CHARACTER', 21]],
    ['urn:epc:tag:sgtin-96:1.9506000.013435', ['SYNTAX', 37]],
    ['urn:epc:tag:sgtin-96:1.9506000.01343.7', ['BAD_PARTITION', 31]],
    ['urn:epc:tag:sgtin-96:1.95060.01343500.7', ['BAD_PARTITION', 23]],
    ['urn:epc:tag:sgtin-96:1.9506000123456.1.7', ['BAD_PARTITION', 23]],
    ['urn:epc:tag:sgtin-96:1.95060a0.013435.7', ['BAD_CHARACTER', 23]],
    ['urn:epc:tag:gid-96:1.2', ['SYNTAX', 22]],
    ['urn:epc:tag:sgtin-96', ['SYNTAX', 12]],
    ['urn:epc:tag:SGTIN-96:1.9506000.013435.7', ['SYNTAX', 12]],
    ['urn:epc:tag:[umi=1]sgtin-96:1.9506000.013435.7', ['SYNTAX', 12]],
    ['urn:epc:tag:[]:sgtin-96:1.9506000.013435.7', ['SYNTAX', 12]],
    ['urn:epc:tag:sgtin-64:1.9506000.013435.7', ['UNKNOWN_SCHEME', 12]],
    ['urn:epc:tag:sgtin+:1.9506000.013435.7', ['UNKNOWN_SCHEME', 12]],
    ['x urn:epc:tag:sgtin-96:1.9506000.013435.7', ['SYNTAX', 0]],
    ['urn:epc:tag:!urn:epc:tag:sgtin-96:1.9506000.013435.7', ['SYNTAX', 12]],
  ])('%s: %j', (text, expected) => {
    expect(outcome(text)).toEqual(expected);
  });

  it('keeps its filter and its scheme for a tag', () => {
    for (const uri of [
      'urn:epc:tag:sgtin-198:5.9506000.013435.7',
      'urn:epc:tag:gid-96:1.2.3',
      'urn:epc:tag:adi-var:63.2S194..1',
    ]) {
      const result = encodeEpc(uri);
      expect(result.ok && result.epc.tagUri).toBe(uri);
    }
  });
});

describe('a pure identity URI', () => {
  it.each<[string, unknown]>([
    ['urn:epc:id:sgtin:9506000.013435.7.8', `${base}01/${gtin}/21/7.8`],
    ['urn:epc:id:sgtin:9506000.013435', ['SYNTAX', 31]],
    ['urn:epc:id:sgtin:9506000.013435.', ['TOO_SHORT', 32]],
    ['urn:epc:id:sgtin:9506000.013435.123456789012345678901', ['TOO_LONG', 32]],
    ['urn:epc:id:sgtin:9506000.013435.a b', ['BAD_CHARACTER', 33]],
    ['urn:epc:id:sgtin:9506000.0134356.7', ['BAD_PARTITION', 25]],
    ['urn:epc:id:sgtin:.0134356.7', ['BAD_PARTITION', 17]],
    ['urn:epc:id:gid:.2.3', ['TOO_SHORT', 15]],
    ['urn:epc:id:gid:a.2.3', ['BAD_CHARACTER', 15]],
    ['urn:epc:id:gid:1.02.3', ['LEADING_ZERO', 17]],
    ['urn:epc:id:adi:2S194.%23A.1', ['BAD_CHARACTER', 21]],
    ['urn:epc:id:adi:2S194.A.%3FA', ['BAD_CHARACTER', 23]],
    ['urn:epc:id:adi:2S194.A.%23A', 'urn:epc:id:adi:2S194.A.%23A'],
    ['urn:epc:id:sgtin:9506000.013435.%23a', ['BAD_CHARACTER', 32]],
    ['urn:epc:id:gid:0.0.0', 'urn:epc:id:gid:0.0.0'],
    ['urn:epc:id:sgcn:9506000.13435.', ['TOO_SHORT', 30]],
    ['urn:epc:id:sgcn:9506000.13435.1234567890123', ['TOO_LONG', 30]],
    ['urn:epc:id:sgcn:9506000.13435.x', ['BAD_CHARACTER', 30]],
    ['urn:epc:id:sgcn:9506000.13435.007', `${base}255/9506000134352007`],
    ['urn:epc:id:itip:9506000.013435.1.02.7', ['TOO_SHORT', 31]],
    ['urn:epc:id:itip:9506000.013435.01.002.7', ['TOO_LONG', 34]],
    ['urn:epc:id:itip:9506000.013435.0x.02.7', ['BAD_CHARACTER', 31]],
    ['urn:epc:id:sgln:950600013435..0', `${base}414/9506000134352`],
    ['urn:epc:id:sgln:950600013435..00', `${base}414/9506000134352/254/00`],
    ['urn:epc:id:nothing:1', ['UNKNOWN_SCHEME', 8]],
    ['urn:epc:class:sgtin:9506000.013435.7', ['UNKNOWN_SCHEME', 8]],
    ['urn:epc:idpat:sgtin:9506000.013435.*', ['CLASS_LEVEL', 35]],
    ['urn:epc:other:1', ['SYNTAX', 0]],
    ['urn:x', ['SYNTAX', 0]],
  ])('%s: %j', (text, expected) => {
    expect(outcome(text)).toEqual(expected);
  });
});

describe('what a text does not say', () => {
  it('is null or nothing', () => {
    for (const text of [
      'urn:epc:tag:gid-96:1.2.3',
      'urn:epc:id:gid:1.2.3',
      `(01)${gtin}(21)7`,
      `${base}01/${gtin}/21/7`,
    ]) {
      expect(parseTag(text)).toMatchObject({ ok: true, epc: { filter: null, hex: null, data: [], marks: [] } });
    }
    expect(parseTag('1 https://id.gs1.org/414/9506000134352')).toMatchObject({ error: { expected: '0-9 A-F' } });
  });
});

describe('a raw URI', () => {
  it.each<[string, unknown]>([
    ['urn:epc:raw:96.x30164596F40C0E5CBE991A83', `${base}01/09528765123457/21/123456789123`],
    ['urn:epc:raw:[att=x01][umi=1]:96.x30164596F40C0E5CBE991A83', `${base}01/09528765123457/21/123456789123`],
    ['urn:epc:raw:16.xA1.x44AB', 'urn:epc:raw:16.xA1.x44AB'],
    ['urn:epc:raw:16.x44AB', 'urn:epc:raw:16.x44AB'],
    ['urn:epc:raw:12.x44AB', ['SYNTAX', 12]],
    ['urn:epc:raw:16.x44ab', ['SYNTAX', 12]],
    ['urn:epc:raw:16.44AB', ['SYNTAX', 12]],
    ['urn:epc:raw:16.xA.x44AB', ['SYNTAX', 12]],
    ['urn:epc:raw:16.x44AB ', ['SYNTAX', 12]],
    ['urn:epc:raw:0.x', ['SYNTAX', 12]],
    ['urn:epc:raw:[]:16.x44AB', ['SYNTAX', 12]],
    ['urn:epc:raw:', ['SYNTAX', 12]],
    ['urn:epc:raw:!urn:epc:raw:16.x44AB', ['SYNTAX', 12]],
  ])('%s: %j', (text, expected) => {
    expect(outcome(text)).toEqual(expected);
    const encoded = encodeEpc(text);
    expect(encoded.ok ? encoded.epc.id : [encoded.error.code, encoded.error.position]).toEqual(expected);
  });
});

describe('content that is no EPC', () => {
  it('has an identity of its own: its characters', () => {
    const { epc, problem } = identityOf('Zé');
    expect(epc).toEqual({
      scheme: 'raw',
      hex: null,
      id: 'urn:epc:raw:32.x005A00E9',
      tagUri: null,
      epcUri: 'urn:epc:raw:32.x005A00E9',
      elementString: null,
      digitalLink: null,
      filter: null,
      gtin: null,
      fields: {},
      data: [],
      marks: [],
    });
    expect(problem).toMatchObject({ code: 'SYNTAX', position: 0 });
  });
});
