import { componentsProblem } from './domain.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';
import { zeroGtin } from './gtin.ts';
import { elementsOf, namesNoItem } from './identity.ts';
import type { Identifier, Scheme } from './row.ts';
import { identifiers, schemeNamed } from './schemes/table.ts';
import type { Tag } from './tag.ts';
import { type Body, splitBody } from './text/urn.ts';
import { writeTag } from './write.ts';

export type Parsed =
  | { readonly ok: true; readonly tag: Tag; readonly warnings: readonly TagError[] }
  | { readonly ok: false; readonly error: TagError };

/** A reason as the outcome of parsing. */
export function failed(...reason: Parameters<typeof tagError>): Parsed {
  return { ok: false, error: tagError(...reason) };
}

function fromBody(identifier: Identifier, body: Body, scheme: Scheme | null, filter: number | null): Parsed {
  const { components, starts } = body;
  const error = componentsProblem(identifier, components, starts);
  if (error !== null) return { ok: false, error };
  const elements = identifier.elements === null ? null : elementsOf(identifier.elements, components);
  if (namesNoItem(identifier, components)) return { ok: false, error: { ...zeroGtin, position: starts[0] ?? null } };
  const nothing = { hex: null, hostname: null, linkHost: null, data: [], marks: [] };
  return { ok: true, tag: { identifier, scheme, filter, components, elements, ...nothing }, warnings: [] };
}

/** `urn:epc:id:…` and `urn:epc:class:…` [TDS 6.3, 6.4]. */
export function parsePure(text: string): Parsed {
  const identifier = identifiers.find(({ uri }) => text.startsWith(uri));
  if (identifier === undefined) return failed('UNKNOWN_SCHEME', 'No such kind of identifier.', 8, 'urn:epc:id:sgtin:…');
  const start = identifier.uri.length;
  const body = splitBody(text.slice(start), identifier.components.length, start);
  return body.ok ? fromBody(identifier, body.value, null, null) : body;
}

/** `urn:epc:idpat:sgtin:CP.REF.*`, `urn:epc:pat:sgtin-96:…`: a class of things, never one of them [TDS 8, 13]. */
export function parsePattern(text: string): Parsed {
  const star = text.indexOf('*');
  return failed('CLASS_LEVEL', 'A pattern names a class of things.', star < 0 ? null : star, 'urn:epc:id:…');
}

/** `urn:epc:tag:…`, control fields in brackets allowed [TDS 12]. */
export function parseTagUri(text: string): Parsed {
  const match = /^urn:epc:tag:(?:(?:\[[a-z]+=[^\]]*\])+:)?([a-z0-9+-]+):/.exec(text);
  if (match === null) return failed('SYNTAX', 'This is not a tag URI.', 12, 'urn:epc:tag:sgtin-96:…');
  const scheme = schemeNamed(match[1] ?? '');
  if (scheme === null || scheme.form !== 'components') {
    return failed('UNKNOWN_SCHEME', 'No scheme has this name.', 12, 'a scheme with a tag URI');
  }
  const start = match[0].length;
  const filters = scheme.filterBits > 0 ? 1 : 0;
  const body = splitBody(text.slice(start), scheme.identifier.components.length + filters, start);
  if (!body.ok) return body;
  const { components, starts } = body.value;
  const filter = filters === 0 ? null : (components[0] ?? '');
  const rest = { components: components.slice(filters), starts: starts.slice(filters) };
  const limit = 2 ** scheme.filterBits;
  if (filter !== null && !/^(0|[1-9]\d*)$/.test(filter)) {
    return failed('BAD_CHARACTER', 'The filter value is no number.', start, `0 to ${limit - 1}`);
  }
  if (Number(filter) >= limit) return failed('FIELD_OVERFLOW', 'The filter is too large.', start, `0 to ${limit - 1}`);
  return heldBy(
    scheme,
    fromBody(scheme.identifier, rest, scheme, filter === null ? null : Number(filter)),
    rest.starts,
  );
}

/** A tag URI names a tag, so one that its scheme cannot hold names none [TDS 12]. */
function heldBy(scheme: Scheme, parsed: Parsed, starts: readonly number[]): Parsed {
  if (!parsed.ok) return parsed;
  const written = writeTag(parsed.tag, scheme, parsed.tag.filter ?? 0, starts);
  return written.ok ? parsed : written;
}
