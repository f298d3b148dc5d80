import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc } from '../../../src/tags/index.ts';
import { binary, hexOf, keyBits } from './aidc-reference.ts';

function written(text: string, scheme: string, options = {}) {
  const result = encodeEpc(text, { scheme, ...options });
  return result.ok ? [result.epc.hex, result.epc.id] : [result.error.code, result.error.position];
}

describe('a location without extension', () => {
  it('is written with extension 0 in each scheme, and comes back without', () => {
    const id = 'https://id.gs1.org/414/9506000134352';
    // 414 in 13 nibbles, then indicator 0, length 1 and the digit 0 in four bits.
    const nibbles = [...'9506000134352'].map((digit) => binary(digit, 4)).join('');
    const hex = hexOf(`${binary(0xf2, 8)}0000${nibbles}000000010000`);
    expect(written('(414)9506000134352', 'sgln+')).toEqual([hex, id]);
    expect(decodeEpc(hex)).toMatchObject({
      ok: true,
      epc: { elementString: '(414)9506000134352', fields: { gln: '9506000134352' } },
    });
    expect(decodeEpc(hex)).not.toMatchObject({ epc: { fields: { extension: '0' } } });
    expect(written('(414)9506000134352(254)0', 'sgln-96', { companyPrefixLength: 7 })[1]).toBe(id);
    expect(written('(414)9506000134352', 'sgln-195', { companyPrefixLength: 7 })[1]).toBe(id);
    expect(written('(414)9506000134352(254)00', 'sgln+')[1]).toBe(`${id}/254/00`);
  });
});

describe('a scheme', () => {
  it('holds its own kind of identifier only', () => {
    const uri = 'urn:epc:id:sscc:9506000.0123456789';
    for (const scheme of ['gsrn-96', 'gsrn+', 'sgtin-96', 'sgtin+']) {
      expect(encodeEpc(uri, { scheme })).toMatchObject({
        ok: false,
        error: { code: 'NOT_ENCODABLE', expected: 'a scheme of sscc' },
      });
    }
  });

  it('holds 496 bits, and not one character more', () => {
    const data = (last: number) =>
      `(8018)952119800001000073(20)01(91)${'!'.repeat(17)}(92)${'!'.repeat(16)}(93)${'!'.repeat(last)}`;
    const full = encodeEpc(data(16), { scheme: 'gsrn+' });
    expect(full.ok && full.epc.hex?.length).toBe(124);
    expect(written(data(17), 'gsrn+')).toEqual(['TOO_LONG', null]);
  });
});

describe('a + tag that ends too early, or is wrong before it ends', () => {
  it('says where', () => {
    expect(decodeEpc('F7')).toMatchObject({ ok: false, error: { code: 'TOO_SHORT', position: 8 } });
    expect(decodeEpc('F700')).toMatchObject({ ok: false, error: { code: 'TOO_SHORT', position: 12 } });
    expect(decodeEpc('FB10')).toMatchObject({ ok: false, error: { code: 'TOO_SHORT', position: 12 } });
  });

  it('is refused for its first fault', () => {
    const wrongKey = `${keyBits.slice(0, -4)}0000`;
    const empty = `1${binary(0, 6)}`;
    expect(decodeEpc(hexOf(`${binary(0xe7, 8)}0000${wrongKey}${empty}`))).toMatchObject({
      ok: false,
      error: { code: 'CHECK_DIGIT', position: 12 },
    });
    expect(decodeEpc(hexOf(`${binary(0xf4, 8)}1000${wrongKey}${binary(0xff, 8)}`))).toMatchObject({
      ok: false,
      error: { code: 'CHECK_DIGIT' },
    });
  });
});
