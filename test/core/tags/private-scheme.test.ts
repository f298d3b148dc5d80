import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodePrivate,
  identityOf,
  type PrivateScheme,
  privateIdentities,
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
