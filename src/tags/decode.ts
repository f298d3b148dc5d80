import { hexProblem, narrowAt } from './bits/hex.ts';
import { type BitReader, need, readerOf, take } from './bits/reader.ts';
import type { Epc, TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { elementsOf, pureIdentityUri } from './identity.ts';
import type { Scheme } from './row.ts';
import { schemeOfHeader } from './schemes/table.ts';
import { rawEpc, spell, type Tag } from './tag.ts';

/** The fields of one tag as the row reads them; `reader.problem` says whether it may be trusted. */
type Reading = {
  readonly scheme: Scheme;
  readonly filter: number | null;
  readonly values: string[];
  readonly reader: BitReader;
};

/** Walks the row's fields over `hex`, whose header has chosen the row. */
function readFields(scheme: Scheme, hex: string): Reading {
  const reader = readerOf(hex, 8);
  const values: string[] = [];
  if (scheme.bits !== null && scheme.bits > reader.end) {
    reader.at = reader.end;
    reader.problem = tagError(
      'TOO_SHORT',
      'The tag holds less than its scheme needs.',
      reader.end,
      `${scheme.bits} bits`,
    );
    return { scheme, filter: null, values, reader };
  }
  if (scheme.bits !== null) reader.end = scheme.bits;
  let filter: number | null = null;
  if (scheme.filterBits > 0 && need(reader, scheme.filterBits)) filter = take(reader, scheme.filterBits);
  for (const field of scheme.fields) {
    if (reader.problem !== null) break;
    field.read(reader, values);
  }
  return { scheme, filter, values, reader };
}

function tagOf(reading: Reading): Tag {
  const { scheme, filter, values, reader } = reading;
  const spec = scheme.identifier.elements;
  return {
    identifier: scheme.identifier,
    scheme,
    hex: wholeWords(reader.hex, reader.at),
    filter,
    components: values,
    elements: spec === null ? null : elementsOf(spec, values),
    hostname: null,
    data: [],
    marks: reader.marks ?? [],
  };
}

/** The first `bits` bits of `hex`, zero-filled to whole words, upper case. */
function wholeWords(hex: string, bits: number): string {
  const digits = Math.ceil(bits / 16) * 4;
  const kept = hex.slice(0, Math.ceil(bits / 4));
  const spare = kept.length * 4 - bits;
  const last =
    spare === 0 ? kept : kept.slice(0, -1) + ((narrowAt(kept, kept.length * 4 - 4, 4) >> spare) << spare).toString(16);
  return last.toUpperCase().padEnd(digits, '0');
}

function headerError(header: number): TagError {
  const expected = 'a header of TDS 14.2';
  const text = header === 0 ? 'The tag is not programmed.' : 'No scheme has this header.';
  return tagError('RESERVED_HEADER', text, 0, expected);
}

/** Strictly decodes the content of an EPC field: the identity, or the raw form where no scheme has the header; else why not. */
export function decodeEpc(hex: string): TagResult {
  const problem = hexProblem(hex);
  if (problem !== null) return { ok: false, error: problem };
  const scheme = schemeOfHeader[narrowAt(hex, 0, 8)] ?? null;
  if (scheme === null) return { ok: true, epc: rawEpc(hex) };
  const reading = readFields(scheme, hex);
  if (reading.reader.problem !== null) return { ok: false, error: reading.reader.problem };
  return { ok: true, epc: spell(tagOf(reading)) };
}

/** An identity for any content: what cannot be decoded becomes `urn:epc:raw` with the reason beside it. */
export function identityOf(hex: string): { epc: Epc; problem: TagError | null } {
  const result = decodeEpc(hex);
  if (result.ok) {
    const problem = result.epc.scheme === 'raw' ? headerError(narrowAt(hex, 0, 8)) : null;
    return { epc: result.epc, problem };
  }
  if (result.error.code === 'SYNTAX') return { epc: notHex(hex), problem: result.error };
  return { epc: rawEpc(hex), problem: result.error };
}

/** Text that is not even hex still gets an identity of its own: the raw form of its character codes. */
function notHex(text: string): Epc {
  let codes = '';
  for (let at = 0; at < text.length; at++) codes += text.charCodeAt(at).toString(16).padStart(4, '0');
  return { ...rawEpc(codes), hex: null };
}

/** What a row needs to be spelled, without the record around it; `null` where `hex` cannot be decoded. */
function readingOf(hex: string): Reading | null {
  if (hexProblem(hex) !== null) return null;
  const scheme = schemeOfHeader[narrowAt(hex, 0, 8)] ?? null;
  if (scheme === null) return null;
  const reading = readFields(scheme, hex);
  return reading.reader.problem === null ? reading : null;
}

/** The pure identity URI of an EPC's content, straight from the bits; `null` where there is none. */
export function pureIdentityOf(hex: string): string | null {
  const reading = readingOf(hex);
  if (reading === null || reading.scheme.form !== 'components') return null;
  return pureIdentityUri(reading.scheme.identifier, reading.values);
}
