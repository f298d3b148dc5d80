import { hexProblem } from './bits/hex.ts';
import type { Epc, TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { canonicalLink, epcUri, pairsOf, pathOf } from './identity.ts';
import { type ParseOptions, withComponents } from './prefix.ts';
import { elementsOfReading, type Reading, readEpc } from './read.ts';
import { rawEpc, spell, type Tag } from './tag.ts';
import { linkText } from './text/render.ts';

/** The first `bits` bits of `hex`, zero-filled to whole words, upper case. */
function wholeWords(hex: string, bits: number): string {
  const kept = hex.slice(0, Math.ceil(bits / 4));
  const spare = kept.length * 4 - bits;
  const last = (Number.parseInt(kept.slice(-1), 16) >> spare) << spare;
  return (kept.slice(0, -1) + last.toString(16)).toUpperCase().padEnd(Math.ceil(bits / 16) * 4, '0');
}

function tagOf(reading: Reading): Tag {
  const { reader } = reading;
  const { scheme } = reading.layout;
  return {
    identifier: scheme.identifier,
    scheme,
    hex: wholeWords(reader.hex, reader.at),
    filter: reading.filter,
    components: reading.components,
    elements: elementsOfReading(reading),
    hostname: reading.hostname,
    linkHost: null,
    data: reading.data,
    marks: reader.marks ?? [],
  };
}

function headerError(hex: string): TagError {
  const text = hex.startsWith('00') ? 'The tag is not programmed.' : 'No scheme has this header.';
  return tagError('RESERVED_HEADER', text, 0, 'a header of TDS 14.2');
}

export type HexTag = { readonly ok: true; readonly tag: Tag } | { readonly ok: false; readonly error: TagError };

/** The content of an EPC field as a tag; a header that no scheme has is an error here. */
export function tagOfHex(hex: string): HexTag {
  const reading = readEpc(hex);
  if (reading === null) return { ok: false, error: hexProblem(hex) ?? headerError(hex) };
  const { problem } = reading.reader;
  return problem === null ? { ok: true, tag: tagOf(reading) } : { ok: false, error: problem };
}

/**
 * Strictly decodes the content of an EPC field (from bit 20h): the identity, or the raw form where no scheme has the header;
 * else why not. `+` tags have an EPC URI only where `options` tell the length of the company prefix.
 */
export function decodeEpc(hex: string, options: ParseOptions = {}): TagResult {
  const found = tagOfHex(hex);
  if (found.ok) return { ok: true, epc: spell(withComponents(found.tag, options)) };
  return found.error.code === 'RESERVED_HEADER' ? { ok: true, epc: rawEpc(hex) } : found;
}

/** An identity for any content: what cannot be decoded becomes `urn:epc:raw` with the reason beside it. Never throws. */
export function identityOf(hex: string): { epc: Epc; problem: TagError | null } {
  const found = tagOfHex(hex);
  if (found.ok) return { epc: spell(found.tag), problem: null };
  return { epc: found.error.code === 'SYNTAX' ? notHex(hex) : rawEpc(hex), problem: found.error };
}

/** Text that is not even hex still gets an identity of its own: the raw form of its character codes. */
function notHex(text: string): Epc {
  let codes = '';
  for (let at = 0; at < text.length; at++) codes += text.charCodeAt(at).toString(16).padStart(4, '0');
  return { ...rawEpc(codes), hex: null };
}

function validReading(hex: string): Reading | null {
  const reading = readEpc(hex);
  return reading === null || reading.reader.problem !== null ? null : reading;
}

function uriOf({ layout, components }: Reading): string | null {
  return components === null ? null : epcUri(layout.scheme.identifier.uri, components, layout.numericComponents);
}

/** The identity of a tag's content, `identityOf(hex).epc.id`, without the other spellings. */
export function keyOf(hex: string): string {
  const reading = validReading(hex);
  if (reading === null) return identityOf(hex).epc.id;
  const { scheme, numericElements } = reading.layout;
  const elements = elementsOfReading(reading);
  if (scheme.identifier.elements !== null && elements !== null)
    return canonicalLink(scheme.identifier.elements, elements, numericElements);
  return uriOf(reading) ?? '';
}

/** The pure identity URI of a tag's content, straight from the bits; `null` where there is none (`+` schemes, not decodable). */
export function pureIdentityOf(hex: string): string | null {
  const reading = validReading(hex);
  return reading === null ? null : uriOf(reading);
}

/** The Digital Link of a tag's content, with its own host and data where it has them; `null` where there is none. */
export function digitalLinkOf(hex: string): string | null {
  const reading = validReading(hex);
  if (reading === null) return null;
  const { scheme, numericElements } = reading.layout;
  const spec = scheme.identifier.elements;
  const elements = elementsOfReading(reading);
  if (spec === null || elements === null) return null;
  if (reading.data.length === 0 && reading.hostname === null) return canonicalLink(spec, elements, numericElements);
  return linkText(pathOf(spec), [...pairsOf(spec, elements), ...reading.data], reading.hostname);
}
