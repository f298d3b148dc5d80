import { type BitWriter, hexOf, newWriter, put } from './bits/writer.ts';
import { domainProblem } from './domain.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';
import { type Pair, putAidc } from './plus/aidc.ts';
import { putHostname } from './plus/hostname.ts';
import { putPrioritised } from './plus/prioritised-date.ts';
import type { Scheme } from './row.ts';
import type { Tag } from './tag.ts';

export type Written = { readonly ok: true; readonly hex: string } | { readonly ok: false; readonly error: TagError };

/** Most bits of an EPC: 31 words. */
const maxBits = 496;

/** `starts` are the places of the values in the text that was parsed, where there was one. */
function writeFields(
  writer: BitWriter,
  scheme: Scheme,
  values: readonly string[],
  starts: readonly number[],
): TagError | null {
  const prefix = values[0]?.length ?? 0;
  let first = 0;
  for (const field of scheme.fields) {
    for (const [at, domain] of field.domains.entries()) {
      const error = domainProblem(values[first + at] ?? '', domain, prefix, field.names[at] ?? '');
      if (error !== null) return placed(error, starts[first + at]);
    }
    const error = field.write(writer, values, first);
    if (error !== null) return placed(error, starts[first]);
    first += field.names.length;
  }
  return null;
}

/** The error with its place in the text, where that is known. */
function placed(error: TagError, start: number | undefined): TagError {
  return start === undefined ? error : { ...error, position: start + (error.position ?? 0) };
}

/** Splits the elements into the fields of a `+` row: a group of two is the fixed digits and what follows them. */
function splitGroups(scheme: Scheme, elements: readonly string[]): string[] {
  const spec = scheme.identifier.elements;
  return (scheme.plus?.groups ?? []).flatMap((count, at) => {
    const value = elements[at] ?? spec?.others[at - 1]?.omit ?? '';
    if (count === 1) return [value];
    const digits = spec?.key.digits ?? value.length;
    return [value.slice(0, digits), value.slice(digits)];
  });
}

function putAll(writer: BitWriter, data: readonly Pair[]): TagError | null {
  for (const pair of data) {
    const error = putAidc(writer, pair);
    if (error !== null) return error;
  }
  return null;
}

function writePlus(writer: BitWriter, tag: Tag, scheme: Scheme, filter: number): TagError | null {
  if (tag.elements === null || scheme.plus === undefined) {
    return tagError('NOT_ENCODABLE', 'This identifier has no element string.', null, 'a GS1 key');
  }
  const body = newWriter();
  const dated = scheme.plus.date ? putPrioritised(body, tag.data) : { rest: tag.data, error: null };
  put(writer, dated.rest.length > 0 ? 1 : 0, 1);
  put(writer, filter, 3);
  const error = dated.error ?? writeFields(body, scheme, splitGroups(scheme, tag.elements), []);
  if (error !== null) return error;
  if (scheme.plus.hostname) {
    if (tag.hostname === null) return tagError('NOT_ENCODABLE', 'This scheme needs a host name.', null, 'hostname');
    const wrong = putHostname(body, tag.hostname);
    if (wrong !== null) return wrong;
  }
  const wrong = putAll(body, dated.rest);
  writer.bits += body.bits;
  return wrong;
}

function writeClassic(
  writer: BitWriter,
  tag: Tag,
  scheme: Scheme,
  filter: number,
  starts: readonly number[],
): TagError | null {
  if (tag.components === null) {
    return tagError('NOT_ENCODABLE', 'The length of the company prefix is not known.', null, 'companyPrefixLength');
  }
  put(writer, filter, scheme.filterBits);
  return writeFields(writer, scheme, tag.components, starts);
}

/**
 * The tag in the given scheme, as upper-case hex of whole words; or why it does not fit, with the place where `starts` (of
 * the components in their text) tell it.
 */
export function writeTag(tag: Tag, scheme: Scheme, filter: number, starts: readonly number[] = []): Written {
  if (scheme.identifier !== tag.identifier) {
    const text = `${scheme.name} does not hold this identifier.`;
    return { ok: false, error: tagError('NOT_ENCODABLE', text, null, `a scheme of ${tag.identifier.name}`) };
  }
  const limit = Math.max(1, 2 ** scheme.filterBits);
  if (!Number.isInteger(filter) || filter < 0 || filter >= limit) {
    const error = tagError('FIELD_OVERFLOW', 'The filter value is too large.', null, `0 to ${limit - 1}`);
    return { ok: false, error };
  }
  const writer = newWriter();
  put(writer, scheme.header, 8);
  const write = scheme.form === 'elements' ? writePlus : writeClassic;
  const error = write(writer, tag, scheme, filter, starts);
  if (error !== null) return { ok: false, error };
  if (writer.bits.length > maxBits) {
    return { ok: false, error: tagError('TOO_LONG', 'The tag has no room for all of this.', null, `${maxBits} bits`) };
  }
  return { ok: true, hex: hexOf(writer) };
}
