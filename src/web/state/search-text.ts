import { parseTag } from '../../tags/index.ts';

/** What somebody typed, pasted or scanned into the search box. */
export type SearchText =
  | { readonly kind: 'empty' }
  /** One single thing; `epc` is what the API understands. */
  | { readonly kind: 'item'; readonly epc: string }
  | { readonly kind: 'gtin'; readonly gtin: string }
  | { readonly kind: 'text'; readonly text: string };

// AIM symbology identifiers that wedge scanners may put in front [ISO/IEC 15424].
const aim = /^\](?:C1|d2|Q3|e0|E0|E4|d1|Q1)/;
const classLink = /^https?:\/\/[^?#]*\/01\/(\d{14})(?:$|[?#])/i;
const elements = /^01(\d{14})(?:21([!-Z_a-z]{1,20}))?$/;

/** Full-width letters and digits (Chinese keyboards type them) become half-width, and what a scanner adds is cut off. */
export function normalise(text: string): string {
  return text.normalize('NFKC').trim().replace(aim, '').replaceAll('\u001d', '');
}

/**
 * Tells an EPC in any form (hex, URI, Digital Link, element string, scanned digits) from a GTIN and from plain words.
 * 8, 12, 13 and 14 digits are a barcode, although they could be hex; longer digit strings are tried as a tag.
 */
export function readSearch(typed: string): SearchText {
  const text = normalise(typed);
  if (text === '') return { kind: 'empty' };
  if (/^(?:\d{8}|\d{12,14})$/.test(text)) return { kind: 'gtin', gtin: text.padStart(14, '0') };
  const gtin = classLink.exec(text)?.[1];
  if (gtin !== undefined) return { kind: 'gtin', gtin };
  const scanned = elements.exec(text);
  if (scanned?.[1] !== undefined) return fromScan(scanned[1], scanned[2]);
  return isTag(text) ? { kind: 'item', epc: text } : { kind: 'text', text };
}

function fromScan(gtin: string, serial: string | undefined): SearchText {
  return serial === undefined ? { kind: 'gtin', gtin } : { kind: 'item', epc: `(01)${gtin}(21)${serial}` };
}

/** Short hex could be a SKU: only what is long enough for a tag and decodes, or says itself what it is, counts. */
function isTag(text: string): boolean {
  const hex = text.replaceAll(/[\s:-]/g, '');
  if (/^[0-9a-f]+$/i.test(hex) && hex.length < 24) return false;
  return parseTag(text).ok;
}
