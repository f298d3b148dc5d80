import { hexOf, newWriter, put } from './bits/writer.ts';
import { decodeEpc } from './decode.ts';
import type { TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { type ParseOptions, parseTag, parseText } from './parse.ts';
import type { Scheme } from './row.ts';
import { schemeNamed, schemes } from './schemes/table.ts';
import type { Tag } from './tag.ts';

export type EncodeOptions = ParseOptions & {
  /** Name of the binary scheme, as in the tag URI. */
  readonly scheme?: string | undefined;
  readonly filter?: number | undefined;
};

type Written = { readonly ok: true; readonly hex: string } | { readonly ok: false; readonly error: TagError };

function write(tag: Tag, scheme: Scheme, filter: number): Written {
  if (scheme.identifier !== tag.identifier) {
    return {
      ok: false,
      error: tagError('NOT_ENCODABLE', `${scheme.name} does not hold this identifier.`, null, tag.identifier.name),
    };
  }
  if (filter < 0 || filter >= 2 ** scheme.filterBits) {
    if (scheme.filterBits > 0 || filter !== 0) {
      return {
        ok: false,
        error: tagError('FIELD_OVERFLOW', 'The filter value is too large.', null, `${scheme.filterBits} bits`),
      };
    }
  }
  const values = tag.components;
  if (values === null) {
    return {
      ok: false,
      error: tagError('NOT_ENCODABLE', 'The length of the company prefix is not known.', null, 'companyPrefixLength'),
    };
  }
  const writer = newWriter();
  put(writer, scheme.header, 8);
  put(writer, filter, scheme.filterBits);
  let first = 0;
  for (const field of scheme.fields) {
    const error = field.write(writer, values, first);
    if (error !== null) return { ok: false, error };
    first += field.names.length;
  }
  return { ok: true, hex: hexOf(writer) };
}

function writeFirst(tag: Tag, filter: number): Written {
  const fitting = schemes.filter((scheme) => scheme.identifier === tag.identifier);
  let last: Written = { ok: false, error: tagError('NOT_ENCODABLE', 'No binary scheme holds this identifier.') };
  for (const scheme of fitting) {
    last = write(tag, scheme, filter);
    if (last.ok) return last;
  }
  return last;
}

/**
 * The identifier that `text` spells (any form) as the content of a tag: the result's `hex`. Without `scheme`, a tag URI names
 * its own, and for other forms the first scheme that holds the identity is taken.
 */
export function encodeEpc(text: string, options: EncodeOptions = {}): TagResult {
  let source = text;
  if (!text.includes(':') && !text.startsWith('(')) {
    const decoded = parseTag(text, options);
    if (!decoded.ok) return decoded;
    source = decoded.epc.tagUri ?? decoded.epc.elementString ?? decoded.epc.id;
  }
  const parsed = parseText(source, options);
  if (!parsed.ok) return parsed;
  const { tag } = parsed;
  const filter = options.filter ?? tag.filter ?? 0;
  const scheme = options.scheme === undefined ? tag.scheme : schemeNamed(options.scheme);
  if (options.scheme !== undefined && scheme === null) {
    return { ok: false, error: tagError('UNKNOWN_SCHEME', 'No scheme has this name.', null, 'sgtin-96, …') };
  }
  const written = scheme === null ? writeFirst(tag, filter) : write(tag, scheme, filter);
  return written.ok ? decodeEpc(written.hex) : written;
}
