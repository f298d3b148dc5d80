import { gtinOf, parseTag } from '../../tags/index.ts';

/** What somebody typed, pasted or scanned into the search box. */
export type SearchText =
  | { readonly kind: 'empty' }
  /** One single thing; `epc` is what the API understands. */
  | { readonly kind: 'item'; readonly epc: string }
  | { readonly kind: 'gtin'; readonly gtin: string }
  | { readonly kind: 'text'; readonly text: string };

/** What a scanner may put in front to name the kind of barcode [ISO/IEC 15424]. */
const symbologyMark = /^\][A-Za-z][0-9A-Za-z]/;

/** Full-width letters and digits (Chinese keyboards type them) become half-width. */
export function normalise(text: string): string {
  return text.normalize('NFKC').trim();
}

/** The search box speaks every form, also the words that links had for AIs before. */
const options = { aliases: true };

/**
 * Tells a tag in any form (hex, URI, Digital Link of any host, element string as printed or as scanned) from a product in any form and
 * from plain words. Digits are a barcode only where the check digit says so.
 */
export function readSearch(typed: string): SearchText {
  const text = normalise(typed);
  if (text === '') return { kind: 'empty' };
  const hex = text.replaceAll(/[\s:-]/g, '');
  const known = readTag(text, hex) ?? readProduct(text) ?? readHex(hex);
  if (known !== null) return known;
  // The marks of GS1 barcodes and of EANs say how to read what follows; what is no such code carries one all the same.
  return symbologyMark.test(text) ? readSearch(text.slice(3)) : { kind: 'text', text };
}

const isHex = (text: string) => /^[0-9a-f]+$/i.test(text);

/** One thing, told by the text, or by hex without what stands between its digits; null for what no scheme explains. */
function readTag(text: string, hex: string): SearchText | null {
  const parts = text === hex || !isHex(hex) ? [text] : [text, hex];
  for (const form of parts) {
    const tag = parseTag(form, options);
    if (!tag.ok || tag.epc.scheme === 'lgtin' || tag.epc.scheme === 'raw') continue;
    if (tag.epc.hex !== null) return { kind: 'item', epc: form };
    // A hyphen may be part of a serial; blanks never are.
    if (form === text || !/[:-]/.test(text)) return { kind: 'item', epc: spelled(form, tag.epc.elementString) };
  }
  return null;
}

function readProduct(text: string): SearchText | null {
  const product = gtinOf(text, options);
  return product.ok ? { kind: 'gtin', gtin: product.gtin } : null;
}

/** A scanned element string as it is printed: control characters and blanks do not belong into an address. */
function spelled(text: string, elementString: string | null): string {
  return /^(?:urn:|https?:)/i.test(text) ? text : (elementString ?? text);
}

/** Hex long enough for a tag; short hex could be a SKU. Whether its scheme is known is for the gateway to say, which knows the store's own. */
function readHex(hex: string): SearchText | null {
  const isTag = isHex(hex) && hex.length >= 24 && hex.length % 4 === 0 && hex.length <= 124;
  return isTag ? { kind: 'item', epc: hex } : null;
}
