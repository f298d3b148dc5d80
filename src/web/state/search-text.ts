import { gtinOf, parseTag } from '../../tags/index.ts';

/** What somebody typed, pasted or scanned into the search box. */
export type SearchText =
  | { readonly kind: 'empty' }
  /** One single thing; `epc` is what the API understands. */
  | { readonly kind: 'item'; readonly epc: string }
  | { readonly kind: 'gtin'; readonly gtin: string }
  | { readonly kind: 'text'; readonly text: string };

/** What a wedge scanner puts in front of the digits of an EAN, UPC, ITF or Codabar [ISO/IEC 15424]; others' belong to the element string. */
const eanMark = /^\][EeFfIi]\d(?=\d+$)/;

/** Full-width letters and digits (Chinese keyboards type them) become half-width, and what a scanner puts before digits is cut off. */
export function normalise(text: string): string {
  return text.normalize('NFKC').trim().replace(eanMark, '');
}

/** The search box speaks every form, also the words that links had for AIs before. */
const options = { aliases: true };

/**
 * Tells a tag in any form (hex, URI, Digital Link of any host, element string as printed or as scanned) from a product in any form and
 * from plain words. 8, 12, 13 and 14 digits are a barcode, although they could be hex.
 */
export function readSearch(typed: string): SearchText {
  const text = normalise(typed);
  if (text === '') return { kind: 'empty' };
  if (/^(?:\d{8}|\d{12,14})$/.test(text)) return { kind: 'gtin', gtin: text.padStart(14, '0') };
  const hex = text.replaceAll(/[\s:-]/g, '');
  if (/^[0-9a-f]+$/i.test(hex)) return readHex(text, hex);
  const tag = parseTag(text, options);
  if (tag.ok && tag.epc.scheme !== 'lgtin') return { kind: 'item', epc: spelled(text, tag.epc.elementString) };
  const product = gtinOf(text, options);
  return product.ok ? { kind: 'gtin', gtin: product.gtin } : { kind: 'text', text };
}

/** A scanned element string as it is printed: control characters do not belong into an address. */
function spelled(text: string, elementString: string | null): string {
  return /^(?:urn:|https?:|\()/i.test(text) ? text : (elementString ?? text);
}

/**
 * Hex, or an element string of digits. Short hex could be a SKU: only what is long enough for a tag counts. Whether its scheme is known is
 * for the gateway to say, which knows the store's own.
 */
function readHex(text: string, hex: string): SearchText {
  const tag = parseTag(hex, options);
  if (tag.ok && tag.epc.hex === null) return { kind: 'item', epc: spelled(hex, tag.epc.elementString) };
  const product = tag.ok ? null : gtinOf(hex, options);
  if (product?.ok) return { kind: 'gtin', gtin: product.gtin };
  const isTag = hex.length >= 24 && hex.length % 4 === 0 && hex.length <= 124;
  return isTag ? { kind: 'item', epc: hex } : { kind: 'text', text };
}
