import { describe, expect, it } from 'vitest';
import {
  encodePrivate,
  identityOf,
  type PrivateField,
  type PrivateScheme,
  privateIdentities,
  privateSchemeProblem,
} from '../../../src/tags/index.ts';
import { binary, hexOf } from './aidc-reference.ts';

const mark: PrivateField = { name: 'mark', bits: 16, as: 'hex', equals: 'ABCD' };
const markBits = binary(0xabcd, 16);
const schemeOf = (...fields: PrivateField[]): PrivateScheme => ({ name: 'house', fields: [mark, ...fields] });
const codeOf = (scheme: PrivateScheme) => privateSchemeProblem(scheme)?.code ?? null;

function read(scheme: PrivateScheme, bits: string) {
  const { epc, problem } = privateIdentities([scheme])(hexOf(bits));
  return epc.scheme === 'house' ? { ...epc.fields } : (problem?.code ?? epc.scheme);
}

function written(scheme: PrivateScheme, values: Record<string, string>) {
  const result = encodePrivate(scheme, values);
  return result.ok ? result.epc.hex : result.error.code;
}

describe('a private scheme may be declared', () => {
  it.each(['x', 'x1', 'house-2', 'a-'])('by the name %s', (name) => {
    expect(codeOf({ name, fields: [mark] })).toBeNull();
  });

  it.each(['', '1x', '-x', 'X', 'xY', 'x_y', 'x y', ' x', 'x '])('but not by the name %j', (name) => {
    expect(codeOf({ name, fields: [mark] })).toBe('SYNTAX');
  });

  it.each([
    [8, 7, 'TOO_LONG'],
    [8, 8, null],
    [8, 488, null],
    [8, 489, 'TOO_LONG'],
  ])('with %i bits that are fixed and %i that are not: %s', (fixed, bits, code) => {
    const kind: PrivateField = { name: 'kind', bits: fixed, as: 'number', equals: '7' };
    expect(codeOf({ name: 'x', fields: [kind, { name: 'n', bits, as: 'number' }] })).toBe(code);
  });

  it.each<[PrivateField['as'], number, string | null]>([
    ['number', 1, null],
    ['number', 0, 'SYNTAX'],
    ['number', 1.5, 'SYNTAX'],
    ['hex', 4, null],
    ['hex', 6, 'SYNTAX'],
    ['ascii7', 14, null],
    ['ascii7', 8, 'SYNTAX'],
    ['ascii8', 16, null],
    ['ascii8', 14, 'SYNTAX'],
  ])('with a field of kind %s in %d bits: %s', (as, bits, code) => {
    expect(codeOf(schemeOf({ name: 'n', bits, as }))).toBe(code);
  });

  it.each([
    [undefined, 'SYNTAX'],
    [0, 'SYNTAX'],
    [-1, 'SYNTAX'],
    [1, null],
    [2.5, 'SYNTAX'],
    [150, null],
    [151, 'SYNTAX'],
    [1e9, 'SYNTAX'],
  ])('with digits, of which there are %s: %s', (size, code) => {
    expect(codeOf(schemeOf({ name: 'n', bits: 8, as: 'digits', size }))).toBe(code);
  });

  it.each(['', '__proto__', 'a.b', '1a', 'a b'])('but not with a field named %j', (name) => {
    expect(codeOf(schemeOf({ name, bits: 16, as: 'number' }))).toBe('SYNTAX');
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'with a field named %s, which is only what it is given',
    (name) => {
      const scheme = schemeOf({ name, bits: 16, as: 'number' });
      expect(codeOf(scheme)).toBeNull();
      expect(written(scheme, {})).toBe('FIELD_OVERFLOW');
      expect(written(scheme, { [name]: '77' })).toBe('ABCD004D');
    },
  );

  it('with no field of fewer than one bit', () => {
    const wide: PrivateField = { name: 'w', bits: 40, as: 'number' };
    expect(codeOf(schemeOf(wide, { name: 'n', bits: -4, as: 'hex' }))).toBe('SYNTAX');
  });

  it('with names that differ and something that is fixed', () => {
    expect(codeOf(schemeOf({ ...mark }))).toBe('SYNTAX');
    expect(codeOf({ name: 'x', fields: [{ name: 'n', bits: 16, as: 'number' }] })).toBe('SYNTAX');
    expect(codeOf(schemeOf({ name: 'n', bits: 8, as: 'number', equals: '256' }))).toBe('FIELD_OVERFLOW');
    expect(codeOf(schemeOf({ name: 'n', bits: 8, as: 'number', equals: '255' }))).toBeNull();
  });
});

describe('the fields of a private scheme', () => {
  it.each<[PrivateField, string, string]>([
    [{ name: 'v', bits: 10, as: 'number' }, '1023', binary(1023, 10)],
    [{ name: 'v', bits: 10, as: 'number' }, '0', binary(0, 10)],
    [{ name: 'v', bits: 10, as: 'digits', size: 3 }, '007', binary(7, 10)],
    [{ name: 'v', bits: 10, as: 'digits', size: 3 }, '999', binary(999, 10)],
    [{ name: 'v', bits: 12, as: 'hex' }, '0AF', binary(0x0af, 12)],
    [{ name: 'v', bits: 21, as: 'ascii7' }, ' ~', binary(32, 7) + binary(126, 7) + binary(0, 7)],
    [{ name: 'v', bits: 14, as: 'ascii7' }, 'AB', binary(65, 7) + binary(66, 7)],
    [{ name: 'v', bits: 24, as: 'ascii8' }, ' ~', binary(32, 8) + binary(126, 8) + binary(0, 8)],
    [{ name: 'v', bits: 16, as: 'ascii8' }, '', binary(0, 16)],
  ])('hold their value in their bits: %j %j', (field, value, bits) => {
    const scheme = schemeOf(field);
    expect(codeOf(scheme)).toBeNull();
    expect(written(scheme, { v: value })).toBe(hexOf(markBits + bits));
    expect(read(scheme, markBits + bits)).toEqual({ mark: 'ABCD', v: value });
  });

  it.each<[PrivateField, string]>([
    [{ name: 'v', bits: 10, as: 'number' }, '1024'],
    [{ name: 'v', bits: 10, as: 'number' }, ''],
    [{ name: 'v', bits: 10, as: 'number' }, '1a'],
    [{ name: 'v', bits: 10, as: 'digits', size: 3 }, '07'],
    [{ name: 'v', bits: 10, as: 'digits', size: 3 }, '0007'],
    [{ name: 'v', bits: 8, as: 'digits', size: 3 }, '256'],
    [{ name: 'v', bits: 12, as: 'hex' }, 'AF'],
    [{ name: 'v', bits: 12, as: 'hex' }, '00AF'],
    [{ name: 'v', bits: 12, as: 'hex' }, '0af'],
    [{ name: 'v', bits: 12, as: 'hex' }, '0AG'],
    [{ name: 'v', bits: 12, as: 'hex' }, 'G0A'],
    [{ name: 'v', bits: 14, as: 'ascii7' }, 'ABC'],
    [{ name: 'v', bits: 16, as: 'ascii8' }, 'ABC'],
    [{ name: 'v', bits: 21, as: 'ascii7' }, 'A\u007f'],
    [{ name: 'v', bits: 21, as: 'ascii7' }, '\u001fA'],
  ])('refuse what they cannot hold: %j %j', (field, value) => {
    expect(written(schemeOf(field), { v: value })).toBe('FIELD_OVERFLOW');
  });

  it('that are numbers lose their leading zeros', () => {
    const scheme = schemeOf({ name: 'v', bits: 10, as: 'number' });
    expect(encodePrivate(scheme, { v: '007' })).toMatchObject({ ok: true, epc: { fields: { v: '7' } } });
  });
});

describe('a tag is not of a private scheme', () => {
  const text = schemeOf({ name: 'v', bits: 21, as: 'ascii7' });
  const digits = schemeOf({ name: 'v', bits: 10, as: 'digits', size: 3 });

  it.each<[string, PrivateScheme, string]>([
    ['its mark is another', text, binary(0xabce, 16) + binary(65, 7) + binary(0, 14)],
    ['text goes on behind its end', text, markBits + binary(65, 7) + binary(0, 7) + binary(65, 7)],
    ['text holds a control character', text, markBits + binary(31, 7) + binary(65, 7) + binary(0, 7)],
    ['text holds DEL', text, markBits + binary(127, 7) + binary(0, 14)],
    ['digits are too many', digits, markBits + binary(1000, 10)],
    ['bits follow', text, markBits + binary(65, 7) + binary(0, 14) + binary(1, 11)],
    ['it ends too early', text, markBits],
  ])('where %s', (_, scheme, bits) => {
    const hex = hexOf(bits);
    expect(privateIdentities([scheme])(hex)).toEqual(identityOf(hex));
  });

  it('but it is with zero words behind it, in either case of its hex', () => {
    const bits = markBits + binary(65, 7) + binary(0, 14);
    const hex = hexOf(bits);
    const epc = privateIdentities([text])(hex).epc;
    expect(epc).toMatchObject({ scheme: 'house', hex, id: 'urn:silentgate:tag:house:A', fields: { v: 'A' } });
    expect(privateIdentities([text])(`${hex}0000`.toLowerCase()).epc).toEqual(epc);
    expect(privateIdentities([text])(hex).problem).toBeNull();
  });

  it('nor where what a reader sent is no hex', () => {
    for (const hex of ['', 'ABCDx', 'ABC', 'ABCD'.repeat(32)]) {
      expect(privateIdentities([schemeOf()])(hex)).toEqual(identityOf(hex));
    }
  });

  it('where an earlier one knows it', () => {
    const [first, second] = [schemeOf(), { ...schemeOf(), name: 'other' }];
    expect(privateIdentities([first, second])('ABCD').epc.scheme).toBe('house');
    expect(privateIdentities([second, first])('ABCD').epc.scheme).toBe('other');
  });
});

describe('the identity of a private tag', () => {
  const all = { epcUri: null, elementString: null, digitalLink: null, filter: null, data: [], marks: [] };

  it('is made of the values that are not fixed, escaped, with dots between', () => {
    const scheme = schemeOf({ name: 'a', bits: 24, as: 'ascii8' }, { name: 'b', bits: 8, as: 'number' });
    expect(encodePrivate(scheme, { a: '%/a', b: '9' })).toEqual({
      ok: true,
      epc: {
        scheme: 'house',
        hex: 'ABCD252F6109',
        id: 'urn:silentgate:tag:house:%25%2Fa.9',
        tagUri: 'urn:silentgate:tag:house:%25%2Fa.9',
        gtin: null,
        fields: { mark: 'ABCD', a: '%/a', b: '9' },
        ...all,
      },
    });
  });

  it.each([
    ['96385074', '00000096385074'],
    ['614141007349', '00614141007349'],
    ['9506000134352', '09506000134352'],
    ['19506000134359', '19506000134359'],
    ['19506000134358', null],
    ['096385074000000', null],
  ])('counts for stock where its field gtin is one: %s', (gtin, expected) => {
    const scheme = schemeOf({ name: 'gtin', bits: 50, as: 'digits', size: gtin.length });
    expect(encodePrivate(scheme, { gtin })).toMatchObject({ ok: true, epc: { gtin: expected, fields: { gtin } } });
  });

  it('does not count for stock where that field holds letters', () => {
    const scheme = schemeOf({ name: 'gtin', bits: 56, as: 'hex' });
    expect(encodePrivate(scheme, { gtin: '0950600013435A' })).toMatchObject({ ok: true, epc: { gtin: null } });
    expect(encodePrivate(scheme, { gtin: '09506000134352' })).toMatchObject({ epc: { gtin: '09506000134352' } });
  });
});
