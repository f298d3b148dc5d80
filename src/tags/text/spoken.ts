import { parseGtin } from '../gtin.ts';
import { upcEToGtin12 } from '../upc-e.ts';

/**
 * Marks of bar codes that are no GS1 element string: EAN and UPC, ITF, Code 128, QR and Data Matrix without FNC1 [ISO/IEC 15424]. What they
 * hold stands behind, whatever it is. The marks of GS1 symbologies (`]C1 ]e0 ]d2 ]Q3 ]J1`) belong to the element string.
 */
const carrier = /^\](?:[EI]\d|[dQ][01]|C0)/;
const urn = 'urn:epc:';

export type Spoken = {
  readonly text: string;
  /** So many characters were taken from the front. */
  readonly dropped: number;
  /** The mark says that digits of trade stand behind it, so they are no hex. */
  readonly isRetail: boolean;
};

/** A text in the spelling that the parsers read. */
export function spoken(given: string): Spoken {
  const mark = carrier.exec(given)?.[0] ?? '';
  const rest = given.slice(mark.length);
  const isRetail = /^\][EI]/.test(mark);
  // Scheme and namespace of a URN are the same in either case [RFC 8141, 3.1].
  const isUrn = rest.slice(0, urn.length).toLowerCase() === urn;
  const text = isUrn ? urn + rest.slice(urn.length) : retail(mark, rest);
  return { text, dropped: mark.length, isRetail };
}

/** What EAN and UPC marks say of the digits: an add-on of 2 or 5 behind an EAN-13, a UPC-E that stands for a GTIN-12. */
function retail(mark: string, digits: string): string {
  if (mark === ']E3' && /^\d{13}(?:\d\d|\d{5})$/.test(digits)) return digits.slice(0, 13);
  // `]E4` is EAN-8, but many scanners give it to UPC-E too; `]E0` with fewer than 12 digits can be UPC-E only.
  if (mark === ']E4') return parseGtin(digits).ok ? digits : (upcEToGtin12(digits) ?? digits);
  return mark === ']E0' ? (upcEToGtin12(digits) ?? digits) : digits;
}
