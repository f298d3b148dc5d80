import { describe, expect, it } from 'vitest';
import { encodeEpc, gtinOf, parseTag } from '../../../src/tags/index.ts';

const gtin = '04710088000118';
const link = `https://id.gs1.org/01/${gtin}/21/7`;

describe('what a scanner puts in front', () => {
  it.each([
    [']E04710088000118', 'EAN-13'],
    [']I104710088000118', 'ITF-14'],
    [']Q1https://id.gs1.org/01/04710088000118', 'QR code'],
    [']d2010471008800011821A', 'GS1 DataMatrix'],
    [']C1010471008800011821A', 'GS1-128'],
  ])('of %s (%s) is no part of the GTIN', (text) => expect(gtinOf(text)).toEqual({ ok: true, gtin }));

  it('of EAN-8 leaves the eight digits', () => {
    expect(gtinOf(']E495050003')).toEqual({ ok: true, gtin: '00000095050003' });
  });

  it.each([
    [']E404252614', '00042100005264'],
    [']E004252614', '00042100005264'],
    [']E0425261', '00042100005264'],
    [']E00425261', '00042100005264'],
    [']E001234505', '00012000003455'],
    [']E001234531', '00012300000451'],
    [']E001234543', '00012340000053'],
    [']E001234558', '00012345000058'],
    [']E011234562', '00112345000062'],
  ])('of UPC-E stands for the GTIN-12 that was shortened: %s', (text, expected) => {
    expect(gtinOf(text)).toEqual({ ok: true, gtin: expected });
  });

  it.each([']E404252615', ']E021234562', ']E4012345678', ']E112', ']E212345', ']E012', ']I14012'])(
    'stands before digits of trade, so that others are neither UPC-E nor hex: %s',
    (text) => {
      expect(gtinOf(text).ok).toBe(false);
      expect(parseTag(text).ok).toBe(false);
    },
  );

  it('may be an EAN-13 with its add-on of two or five digits', () => {
    for (const addOn of ['12', '52495']) expect(gtinOf(`]E34710088000118${addOn}`)).toEqual({ ok: true, gtin });
    for (const addOn of ['1', '123', '123456']) expect(gtinOf(`]E34710088000118${addOn}`).ok).toBe(false);
    for (const addOn of ['12', '52495']) expect(parseTag(`4710088000118${addOn}`).ok).toBe(false);
  });

  it.each([']Q1', ']Q0', ']d1', ']C0'])('%s may stand before any form', (mark) => {
    const id = (text: string) => {
      const tag = parseTag(text);
      return tag.ok ? tag.epc.id : tag.error;
    };
    expect(id(mark + link)).toBe(link);
    expect(id(`${mark}(01)${gtin}(21)7`)).toBe(link);
    const made = encodeEpc(mark + link, { scheme: 'sgtin+' });
    expect(made.ok && made.epc.id).toBe(link);
  });

  it('counts in the place of a fault', () => {
    const plain = gtinOf('4710088000119');
    const marked = gtinOf(']E04710088000119');
    if (plain.ok || marked.ok) throw new Error('a wrong check digit was taken');
    expect(marked.error).toEqual({ ...plain.error, position: Number(plain.error.position) + 3 });
  });
});

describe('a URN', () => {
  it('has scheme and namespace in either case, and its own part in one', () => {
    const tag = parseTag('URN:Epc:id:sgtin:0614141.812345.aB');
    expect(tag.ok && tag.epc.epcUri).toBe('urn:epc:id:sgtin:0614141.812345.aB');
    expect(parseTag('urn:epc:ID:sgtin:0614141.812345.7').ok).toBe(false);
  });
});
