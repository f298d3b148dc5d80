import { keyOf } from './decode.ts';
import { parseTag } from './parse.ts';
import type { TagRead } from './tag-read.ts';

const ownUrn = /^urn:silentgate:(?:uid|tid):([0-9A-F]{2,128})$/i;

/**
 * The identity behind what a reader reported: an EPC's own [TDS 2.3], or, for a card's UID and a TID that was read in an EPC's
 * place, a URN of ours, `urn:silentgate:uid:HEX`: such a number must never be taken for an EPC.
 */
export function readIdentityOf(idType: TagRead['idType'], hex: string): string {
  return idType === 'epc' ? keyOf(hex) : `urn:silentgate:${idType}:${hex.toUpperCase()}`;
}

/** The identity that a text names: any form that `parseTag` knows, or a URN of ours. Null when it names none. */
export function identityNamed(text: string): string | null {
  if (ownUrn.test(text)) return text.toLowerCase().replace(/[^:]+$/, (hex) => hex.toUpperCase());
  const parsed = parseTag(text);
  return parsed.ok ? parsed.epc.id : null;
}

/** One spelling for a person's token, whether its number was read as an EPC, as a UID or as a TID. */
export function tokenIdentityOf(id: string): string {
  const hex = ownUrn.exec(id)?.[1];
  return hex === undefined ? id : keyOf(hex.toUpperCase());
}
