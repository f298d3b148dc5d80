import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTagCodec,
  encodePrivate,
  identityOf,
  type PrivateScheme,
  privateIdentities,
  privateSchemeFaults,
  privateSchemeProblem,
} from '../../../src/tags/index.ts';

const house: PrivateScheme = {
  name: 'house',
  fields: [
    { name: 'mark', bits: 16, as: 'hex', equals: '30AB' },
    { name: 'gtin', bits: 44, as: 'digits', size: 13 },
    { name: 'season', bits: 14, as: 'ascii7' },
    { name: 'serial', bits: 22, as: 'number' },
  ],
};

const values = { gtin: '9506000134352', season: 'SS', serial: '77' };
const identities = privateIdentities([house]);

describe('a private scheme', () => {
  it('is read by its widths, and its GTIN counts for stock', () => {
    expect(privateSchemeProblem(house)).toBeNull();
    const written = encodePrivate(house, values);
    if (!written.ok) throw new Error(written.error.message);
    expect(identities(written.epc.hex ?? '').epc).toMatchObject({
      scheme: 'house',
      id: 'urn:silentgate:tag:house:9506000134352.SS.77',
      gtin: '09506000134352',
      fields: { mark: '30AB', ...values },
    });
  });

  it('leaves other tags to the standard, also those that only begin alike', () => {
    for (const hex of ['30164596F40C0E5CBE991A83', '30ABFFFFFFFFFFFFFFFFFFFF', '30AB', 'not hex']) {
      expect(identities(hex)).toEqual(identityOf(hex));
    }
  });

  it('counts no trade item whose check digit is wrong', () => {
    const written = encodePrivate(house, { ...values, gtin: '9506000134353' });
    expect(written.ok && written.epc.gtin).toBeNull();
  });

  it('comes back from what it writes', () => {
    const scheme: PrivateScheme = {
      name: 'wide',
      fields: [
        { name: 'kind', bits: 8, as: 'number', equals: '193' },
        { name: 'text', bits: 64, as: 'ascii8' },
        { name: 'code', bits: 24, as: 'hex' },
        { name: 'big', bits: 70, as: 'number' },
      ],
    };
    const made = fc.record({
      text: fc.stringMatching(/^[ -~]{0,8}$/),
      code: fc.stringMatching(/^[0-9A-F]{6}$/),
      big: fc.bigInt(0n, 2n ** 70n - 1n).map(String),
    });
    fc.assert(
      fc.property(made, (fields) => {
        const written = encodePrivate(scheme, fields);
        expect(written).toMatchObject({ ok: true, epc: { fields: { kind: '193', ...fields } } });
        if (written.ok) expect(privateIdentities([scheme])(written.epc.hex ?? '').epc).toEqual(written.epc);
      }),
    );
  });

  it('gives two tags two identities, also where a dot or a colon is part of a text', () => {
    const field = (name: string) => ({ name, bits: 32, as: 'ascii8' }) as const;
    const scheme: PrivateScheme = {
      name: 'two',
      fields: [{ name: 'kind', bits: 8, as: 'number', equals: '193' }, field('a'), field('b')],
    };
    const codec = createTagCodec({ schemes: [scheme] });
    const text = fc.stringMatching(/^[.:%a]{0,4}$/);
    fc.assert(
      fc.property(text, text, text, text, (a, b, c, d) => {
        const [one, other] = [encodePrivate(scheme, { a, b }), encodePrivate(scheme, { a: c, b: d })];
        if (!one.ok || !other.ok) throw new Error('not written');
        expect(one.epc.id === other.epc.id).toBe(a === c && b === d);
        expect(codec.parse(one.epc.id)).toEqual({ ...one, warnings: [] });
        expect(codec.identityNamed(one.epc.hex ?? '')).toBe(one.epc.id);
        expect(codec.encode(one.epc.id)).toEqual(one);
      }),
    );
  });

  it('can be written from another form of the same trade item, where it has room for it', () => {
    const codec = createTagCodec({
      schemes: [{ ...house, fields: house.fields.filter(({ name }) => name !== 'season') }],
    });
    const made = codec.encode('(01)09506000134352(21)77', { scheme: 'house' });
    expect(made).toMatchObject({ ok: true, epc: { id: 'urn:silentgate:tag:house:9506000134352.77' } });
    expect(codec.encode('(01)19506000134359(21)77', { scheme: 'house' })).toMatchObject({ ok: false });
    expect(codec.encode('(01)09506000134352(21)77', { scheme: 'other' })).toMatchObject({
      error: { code: 'UNKNOWN_SCHEME' },
    });
  });

  it.each([
    ['urn:silentgate:tag:other:1', 'UNKNOWN_SCHEME'],
    ['urn:silentgate:tag:house', 'SYNTAX'],
    ['urn:silentgate:tag:house:9506000134352.SS', 'SYNTAX'],
    ['urn:silentgate:tag:house:9506000134352.SS.77.1', 'SYNTAX'],
    ['urn:silentgate:tag:house:9506000134352.%zz.77', 'BAD_ESCAPE'],
    ['urn:silentgate:tag:house:9506000134352.SS.x', 'FIELD_OVERFLOW'],
  ])('%s names none: %s', (text, code) => {
    expect(createTagCodec({ schemes: [house] }).parse(text)).toMatchObject({ ok: false, error: { code } });
  });

  it.each([
    ['a value that is too large', { ...values, serial: '4194304' }],
    ['too few digits', { ...values, gtin: '950600013435' }],
    ['too many characters', { ...values, season: 'SSS' }],
    ['a missing value', { gtin: values.gtin, season: 'SS' }],
  ])('refuses %s', (_, wrong) => {
    expect(encodePrivate(house, wrong)).toMatchObject({ ok: false, error: { code: 'FIELD_OVERFLOW' } });
  });

  const field = { name: 'a', bits: 16, as: 'hex', equals: 'ABCD' } as const;
  it.each<[string, PrivateScheme]>([
    ['a bad name', { name: 'My Scheme', fields: [field] }],
    ['nothing fixed', { name: 'x', fields: [{ name: 'a', bits: 96, as: 'number' }] }],
    ['two fields of one name', { name: 'x', fields: [field, field] }],
    ['hex of broken digits', { name: 'x', fields: [field, { name: 'b', bits: 7, as: 'hex' }] }],
    ['digits without size', { name: 'x', fields: [field, { name: 'b', bits: 7, as: 'digits' }] }],
    ['a fixed value that does not fit', { name: 'x', fields: [{ ...field, equals: 'ABCDE' }] }],
    ['too many bits', { name: 'x', fields: [field, { name: 'b', bits: 500, as: 'number' }] }],
  ])('with %s is no scheme', (_, scheme) => {
    expect(privateSchemeProblem(scheme)).not.toBeNull();
  });
});

describe('private schemes side by side', () => {
  const scheme = (name: string, equals: string, more: Partial<PrivateScheme> = {}): PrivateScheme => ({
    name,
    fields: [
      { name: 'mark', bits: equals.length * 4, as: 'hex', equals },
      { name: 'serial', bits: 32, as: 'number' },
    ],
    ...more,
  });
  const paths = (...schemes: PrivateScheme[]) => privateSchemeFaults(schemes).map(({ path }) => path);

  it('are taken where their fixed bits tell them apart, from each other and from the standard', () => {
    expect(paths(scheme('a', 'AB01'), scheme('b', 'AB02'), scheme('c', '4401'))).toEqual([]);
  });

  it('may not begin with the header of a GS1 scheme, unless that is meant', () => {
    expect(paths(scheme('a', 'AB01'), scheme('b', '30AB'))).toEqual(['1/fields']);
    expect(paths(scheme('b', '30AB', { shadowsGs1: true }))).toEqual([]);
    const late: PrivateScheme = {
      name: 'late',
      fields: [
        { name: 'serial', bits: 16, as: 'number' },
        { name: 'mark', bits: 16, as: 'hex', equals: 'AB01' },
      ],
    };
    expect(paths(late)).toEqual(['0/fields']);
  });

  it('may not both fit one tag: nobody could say which it is', () => {
    expect(paths(scheme('a', 'AB01'), scheme('b', 'AB'))).toEqual(['1/fields']);
    expect(paths(scheme('a', 'AB01'), scheme('a', 'AB02'))).toEqual(['1/name']);
  });

  it('name the place of a fault', () => {
    const wide = scheme('wide', 'AB01');
    const hex = { name: 'x', bits: 7, as: 'hex' } as const;
    const digits = { name: 'x', bits: 8, as: 'digits' } as const;
    const fixed = { name: 'x', bits: 8, as: 'number', equals: '256' } as const;
    for (const [field, path] of [
      [hex, 'bits'],
      [digits, 'size'],
      [fixed, 'equals'],
    ] as const) {
      expect(paths({ ...wide, fields: [...wide.fields, field] })).toEqual([`0/fields/2/${path}`]);
    }
  });
});
