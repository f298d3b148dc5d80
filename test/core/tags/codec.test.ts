import { describe, expect, it } from 'vitest';
import { afiOf } from '../../../src/tags/codec.ts';
import {
  createTagCodec,
  identityOf,
  type PrivateScheme,
  prefixTable,
  privateSchemeFaults,
  standardTags,
  tokenIdentityOf,
} from '../../../src/tags/index.ts';

const companyPrefixes = prefixTable([{ prefix: '9', gcpLength: 7 }]);
const house: PrivateScheme = {
  name: 'house',
  fields: [
    { name: 'mark', bits: 16, as: 'hex', equals: 'ABCD' },
    { name: 'gtin', bits: 44, as: 'digits', size: 13 },
    { name: 'serial', bits: 20, as: 'number' },
  ],
};
const plus = 'F70095201987654330254000';
const classic = '30164596F40C0E5CBE991A83';

describe('a store’s codec', () => {
  const store = createTagCodec({ schemes: [house], companyPrefixes });
  const urn = 'urn:silentgate:tag:house:9506000134352.7';
  const written = store.encode(urn);
  const hex = (written.ok && written.epc.hex) || '';

  it('is the standard’s where the store adds nothing', () => {
    for (const content of [plus, classic, '', 'zz', '44AB', 'F7', hex]) {
      expect(standardTags.identityOf(content)).toEqual(identityOf(content));
    }
    expect(standardTags.identityOf(hex).epc.scheme).toBe('raw');
  });

  it('gives + tags their EPC URI by the table of prefix lengths, and leaves the rest as it is', () => {
    const { epc, problem } = store.identityOf(plus);
    expect([epc.epcUri, problem]).toEqual(['urn:epc:id:sgtin:9520198.076543.42', null]);
    for (const content of [classic, '', 'zz', '44AB', 'F7', '3000'])
      expect(store.identityOf(content)).toEqual(identityOf(content));
    const prefixesOnly = createTagCodec({ companyPrefixes });
    expect(prefixesOnly.identityOf(plus).epc.epcUri).toBe('urn:epc:id:sgtin:9520198.076543.42');
    expect(prefixesOnly.parse('(01)09520198765433(21)42')).toMatchObject({
      epc: { epcUri: 'urn:epc:id:sgtin:9520198.076543.42' },
    });
    expect(prefixesOnly.parse('(01)09520198765433(21)42', { companyPrefixLength: 8 })).toMatchObject({
      epc: { epcUri: 'urn:epc:id:sgtin:95201987.06543.42' },
    });
  });

  it('knows the store’s own tags by hex and by URN', () => {
    expect(store.identityOf(hex)).toMatchObject({
      epc: { scheme: 'house', id: urn, gtin: '09506000134352' },
      problem: null,
    });
    expect(store.parse(hex)).toMatchObject({ ok: true, epc: { id: urn } });
    expect(store.parse(urn)).toMatchObject({ ok: true, epc: { hex } });
    expect(store.encode(hex, { scheme: 'house' })).toMatchObject({ ok: true, epc: { hex } });
    expect(store.identityNamed(urn)).toBe(urn);
    expect(store.readIdentityOf({ idType: 'epc', epc: hex, pc: '2800' })).toBe(urn);
    expect(store.encode('(01)09506000134352(21)7', { scheme: 'sgtin-96' })).toMatchObject({
      ok: true,
      epc: { scheme: 'sgtin-96' },
    });
    expect(store.encode('(01)09506000134352(21)7', { scheme: 'house' })).toMatchObject({
      ok: true,
      epc: { id: urn, hex },
    });
    expect(store.encode('(01)19506000134359(21)7', { scheme: 'house' })).toMatchObject({ ok: false });
  });

  it('writes a tag of the store’s own in its own scheme, and in no other that is asked for', () => {
    const codeOf = (text: string, scheme: string) => {
      const result = store.encode(text, { scheme, companyPrefixLength: 7 });
      return result.ok ? result.epc.hex : result.error.code;
    };
    expect(store.encode(hex)).toMatchObject({ ok: true, epc: { id: urn, hex } });
    for (const text of [hex, urn]) {
      expect([text, codeOf(text, 'house')]).toEqual([text, hex]);
      expect([text, codeOf(text, 'sgtin-96')]).toEqual([text, 'NOT_ENCODABLE']);
      expect([text, codeOf(text, 'nonsense')]).toEqual([text, 'UNKNOWN_SCHEME']);
    }
  });

  it('takes no content for an EPC whose PC word says that it is none', () => {
    const read = (pc: string | null) => store.readIdentityOf({ idType: 'epc', epc: classic, pc });
    expect(read('31A1')).toBe(`urn:epc:raw:96.xA1.x${classic}`);
    for (const pc of [null, '3000', '310', '31A10'])
      expect(read(pc)).toBe('https://id.gs1.org/01/09528765123457/21/123456789123');
    expect(store.readIdentityOf({ idType: 'uid', epc: '04ab', pc: '31A1' })).toBe('urn:silentgate:uid:04AB');
  });

  it.each([...'0123456789ABCDEFabcdef'])('reads the toggle bit of a PC word whose second digit is %s', (digit) => {
    const toggle = (Number.parseInt(digit, 16) & 1) === 1;
    expect(afiOf(`3${digit}a9`)).toBe(toggle ? 'A9' : null);
  });

  it('finds what is named as a whole, and nothing else', () => {
    expect(standardTags.identityNamed('urn:silentgate:tid:e2801160')).toBe('urn:silentgate:tid:E2801160');
    for (const text of [
      'x urn:silentgate:uid:04A1',
      'urn:silentgate:uid:04A1x',
      'urn:silentgate:uid:0',
      'urn:silentgate:card:04A1',
    ]) {
      expect(standardTags.identityNamed(text)).toBeNull();
      expect(tokenIdentityOf(text)).toBe(text);
    }
    expect(tokenIdentityOf('urn:silentgate:uid:44ab')).toBe('urn:epc:raw:16.x44AB');
  });
});

describe('faults of private schemes', () => {
  const faults = (...schemes: PrivateScheme[]) =>
    privateSchemeFaults(schemes).map(({ path, error }) => [path, error.code]);
  const of = (name: string, ...fields: PrivateScheme['fields']): PrivateScheme => ({ name, fields });
  const mark = { name: 'mark', bits: 16, as: 'hex', equals: 'ABCD' } as const;

  it('have the place of what is wrong', () => {
    expect(faults(of('House', mark))).toEqual([['0/name', 'SYNTAX']]);
    for (const name of ['sgtin-96', 'gid-96', 'lgtin', 'sgtin', 'raw']) {
      expect([name, faults({ ...of(name, mark), shadowsGs1: true })]).toEqual([name, [['0/name', 'SYNTAX']]]);
    }
    expect(faults(of('a', { ...mark, bits: 8, equals: 'AB' }))).toEqual([['0/fields', 'TOO_LONG']]);
    expect(faults(of('a', mark, mark))).toEqual([['0/fields', 'SYNTAX']]);
    expect(faults(of('a', { name: 'n', bits: 16, as: 'number' }))).toEqual([['0/fields', 'SYNTAX']]);
    expect(faults(of('a', mark, { name: 'n', bits: 7, as: 'hex' }))).toEqual([['0/fields/1/bits', 'SYNTAX']]);
    expect(faults(of('a', mark, { name: 'n', bits: 7, as: 'digits' }))).toEqual([['0/fields/1/size', 'SYNTAX']]);
    expect(faults(of('a', mark, { name: 'n', bits: 7, as: 'number', equals: '128' }))).toEqual([
      ['0/fields/1/equals', 'FIELD_OVERFLOW'],
    ]);
    expect(faults(of('a', mark), of('a', { ...mark, equals: 'ABCE' }))).toEqual([['1/name', 'SYNTAX']]);
  });

  it('are two schemes that the same content would fit; behind the fields is zero', () => {
    const number = { name: 'n', bits: 16, as: 'number' } as const;
    const one = { name: 'n', bits: 16, as: 'hex', equals: '0001' } as const;
    const zero = { name: 'n', bits: 16, as: 'hex', equals: '0000' } as const;
    for (const [first, second, meet] of [
      [of('a', mark), of('b', mark, number), true],
      [of('a', mark, number), of('b', mark), true],
      [of('a', mark), of('b', mark, zero), true],
      [of('a', mark, zero), of('b', mark), true],
      [of('a', mark), of('b', mark, one), false],
      [of('a', mark, one), of('b', mark), false],
      [of('a', mark, one), of('b', mark, number), true],
      [of('a', mark, one), of('b', mark, zero), false],
      [of('a', mark), of('b', { ...mark, equals: 'ABCE' }), false],
    ] as const) {
      expect(faults(first, second)).toEqual(meet ? [['1/fields', 'SYNTAX']] : []);
    }
  });

  it('are tags that begin with a header of GS1, unless that is meant', () => {
    const scheme = of('a', { name: 'mark', bits: 8, as: 'hex', equals: '30' }, { name: 'n', bits: 8, as: 'number' });
    expect(faults(scheme)).toEqual([['0/fields', 'SYNTAX']]);
    expect(faults({ ...scheme, shadowsGs1: true })).toEqual([]);
    expect(faults({ ...scheme, shadowsGs1: false })).toEqual([['0/fields', 'SYNTAX']]);
    const four = { name: 'four', bits: 4, as: 'number' } as const;
    const twelve = { name: 'twelve', bits: 12, as: 'number' } as const;
    expect(faults(of('a', { ...four, equals: '3' }, twelve))).toEqual([['0/fields', 'SYNTAX']]);
    expect(faults(of('a', { ...four, equals: '1' }, twelve))).toEqual([]);
    expect(faults(of('a', four, { ...twelve, equals: '0' }))).toEqual([['0/fields', 'SYNTAX']]);
  });
});
