/**
 * Marks of bar codes that are no GS1 element string: EAN and UPC, ITF, Code 128, QR and Data Matrix without FNC1 [ISO/IEC 15424]. What they
 * hold stands behind, whatever it is. The marks of GS1 symbologies (`]C1 ]e0 ]d2 ]Q3 ]J1`) belong to the element string.
 */
const carrier = /^\](?:[EI]\d|[dQ][01]|C0)/;
const urn = 'urn:epc:';

/** A text in the spelling that the parsers read; `dropped` characters were taken from its front. */
export function spoken(text: string): { readonly text: string; readonly dropped: number } {
  const dropped = carrier.test(text) ? 3 : 0;
  const rest = dropped === 0 ? text : text.slice(dropped);
  // Scheme and namespace of a URN are the same in either case [RFC 8141, 3.1].
  const isUrn = rest.slice(0, urn.length).toLowerCase() === urn;
  return { text: isUrn ? urn + rest.slice(urn.length) : rest, dropped };
}
