import { isDigits } from './bits/digits.ts';
import { keyOf } from './decode.ts';
import type { TagResult } from './epc.ts';
import { gtinOf } from './parse.ts';
import { lgtin } from './schemes/uri-only.ts';

type Parse = (text: string) => TagResult;

const ownUrn = /^urn:silentgate:(?:uid|tid):([0-9A-F]{2,128})$/i;

/** The number of a card as people write it: bytes with colons, blanks or hyphens between them, or none. */
const shortUid = /^uid:\s*((?:[0-9a-f]{2}[\s:-]?){0,63}[0-9a-f]{2})$/i;

/** Hex digits of the numbers that cards and fobs have: 4, 7 or 10 bytes [ISO/IEC 14443-3], 8 [ISO/IEC 15693], 5 (EM4100). */
const cardDigits: readonly number[] = [8, 10, 14, 16, 20];

const uidUrn = (hex: string) => `urn:silentgate:uid:${hex.toUpperCase()}`;

/** The identity that a text names: any form that `parse` knows, or a URN of ours; null when it names none. */
export function identityNamed(parse: Parse, text: string): string | null {
  if (ownUrn.test(text)) return text.toLowerCase().replace(/[^:]+$/, (hex) => hex.toUpperCase());
  const parsed = parse(text);
  return parsed.ok ? parsed.epc.id : null;
}

/**
 * The identity of a person's token: `uid:HEX`, or what `identityNamed` knows. Digits of a card's length that are no GTIN are its UID. A GTIN
 * and other classes of things are no token: null.
 */
export function tokenNamed(parse: Parse, given: string): string | null {
  const text = given.trim();
  const uid = shortUid.exec(text)?.[1];
  if (uid !== undefined) return uidUrn(uid.replaceAll(/[\s:-]/g, ''));
  if (ownUrn.test(text)) return identityNamed(parse, text);
  const parsed = parse(text);
  const isClass = parsed.ok ? parsed.epc.scheme === lgtin.name : gtinOf(text).ok;
  if (isClass) return null;
  if (parsed.ok) return parsed.epc.id;
  return isDigits(text) && cardDigits.includes(text.length) ? uidUrn(text) : null;
}

/** One spelling for a person's token, whether its number was read as an EPC, as a UID or as a TID. */
export function tokenIdentityOf(id: string): string {
  const hex = ownUrn.exec(id)?.[1];
  return hex === undefined ? id : keyOf(hex);
}
