import { decodeEpc, identityOf } from './decode.ts';
import { componentsProblem } from './domain.ts';
import { findKey, type KeyFound } from './elements.ts';
import type { TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { componentsOf, elementsOf } from './identity.ts';
import type { Identifier, Scheme } from './row.ts';
import { identifierNamed, identifiers, schemeNamed } from './schemes/table.ts';
import { rawEpc, spell, type Tag } from './tag.ts';
import { splitLink } from './text/digital-link.ts';
import { type Pair, splitBracketed } from './text/element-string.ts';
import { splitBody } from './text/urn.ts';

export type ParseOptions = {
  /** Digits of the GS1 company prefix, 6 to 12: needed for an EPC URI of an element string or Digital Link. */
  readonly companyPrefixLength?: number | undefined;
};

export type Parsed = { readonly ok: true; readonly tag: Tag } | { readonly ok: false; readonly error: TagError };

const failed = (error: TagError): Parsed => ({ ok: false, error });

function fromComponents(
  identifier: Identifier,
  components: string[],
  scheme: Scheme | null,
  filter: number | null,
): Parsed {
  const problem = componentsProblem(identifier, components);
  if (problem !== null) return failed(problem);
  const elements = identifier.elements === null ? null : elementsOf(identifier.elements, components);
  return {
    ok: true,
    tag: { identifier, scheme, hex: null, filter, components, elements, hostname: null, data: [], marks: [] },
  };
}

function parsePure(text: string): Parsed {
  const [, , kind, name = ''] = text.split(':', 4);
  const identifier = identifierNamed(name);
  if (identifier === null || identifier.urn !== kind) {
    return failed(tagError('UNKNOWN_SCHEME', 'No such kind of identifier.', 8, 'urn:epc:id:sgtin:…'));
  }
  const start = `urn:epc:${kind}:${name}:`.length;
  const body = splitBody(text.slice(start), identifier.components.length, start);
  return body.ok ? fromComponents(identifier, body.value, null, null) : failed(body.error);
}

function parseTagUri(text: string): Parsed {
  const match = /^urn:epc:tag:((?:\[[a-z]+=[^\]]*\])*)([a-z0-9-]+):/.exec(text);
  if (match === null) return failed(tagError('SYNTAX', 'This is not a tag URI.', 12, 'urn:epc:tag:sgtin-96:…'));
  const scheme = schemeNamed(match[2] ?? '');
  if (scheme === null || scheme.form !== 'components') {
    return failed(tagError('UNKNOWN_SCHEME', 'No scheme has this name.', 12, 'a scheme with a tag URI'));
  }
  const start = match[0].length;
  const filters = scheme.filterBits > 0 ? 1 : 0;
  const body = splitBody(text.slice(start), scheme.identifier.components.length + filters, start);
  if (!body.ok) return failed(body.error);
  const filter = filters === 0 ? null : (body.value.shift() ?? '');
  if (filter !== null && (!/^(0|[1-9]\d*)$/.test(filter) || Number(filter) >= 2 ** scheme.filterBits)) {
    return failed(
      tagError('FIELD_OVERFLOW', 'The filter value is too large.', start, `0 to ${2 ** scheme.filterBits - 1}`),
    );
  }
  return fromComponents(scheme.identifier, body.value, scheme, filter === null ? null : Number(filter));
}

function fromElements(found: KeyFound, options: ParseOptions, hostname: string | null): Parsed {
  if (!found.ok) return failed(found.error);
  const { identifier, elements, rest } = found;
  const length = options.companyPrefixLength;
  const components = length === undefined ? null : componentsOf(identifier, elements, length);
  const problem = components === null ? null : componentsProblem(identifier, components);
  const kept = problem === null ? components : null;
  return {
    ok: true,
    tag: {
      identifier,
      scheme: null,
      hex: null,
      filter: null,
      components: kept,
      elements,
      hostname,
      data: rest,
      marks: [],
    },
  };
}

function isPrimary(ai: string): boolean {
  return identifiers.some((identifier) => identifier.elements?.key.ai === ai);
}

function fromLink(text: string, options: ParseOptions): Parsed {
  const link = splitLink(text, isPrimary);
  if (!link.ok) return failed(link.error);
  const pairs: Pair[] = [...link.value.path, ...link.value.query];
  return fromElements(findKey(pairs), options, link.value.host === 'id.gs1.org' ? null : link.value.host);
}

/** Everything but hex and raw: URN, bracketed element string, Digital Link. */
export function parseText(text: string, options: ParseOptions): Parsed {
  if (text.startsWith('urn:epc:tag:')) return parseTagUri(text);
  if (text.startsWith('urn:epc:id:') || text.startsWith('urn:epc:class:')) return parsePure(text);
  if (text.startsWith('(')) {
    const pairs = splitBracketed(text);
    return pairs.ok ? fromElements(findKey(pairs.value), options, null) : failed(pairs.error);
  }
  if (text.includes('://')) return fromLink(text, options);
  return failed(tagError('SYNTAX', 'This is no form of an identifier.', 0, 'hex, urn:epc:…, (01)… or https://…'));
}

/** Whether `text` can only be a text form, not hex. */
export function isText(text: string): boolean {
  return text.includes(':') || text.startsWith('(');
}

function parseRaw(text: string): TagResult {
  const match = /^urn:epc:raw:(\d+)\.(?:x([0-9A-F]{2})\.)?x([0-9A-F]+)$/.exec(text);
  const [, bits = '', afi, hex = ''] = match ?? [];
  if (match === null || Number(bits) !== hex.length * 4) {
    return { ok: false, error: tagError('SYNTAX', 'This is not a raw URI.', 12, 'urn:epc:raw:96.x…') };
  }
  if (afi !== undefined) return { ok: true, epc: rawEpc(hex, afi) };
  return { ok: true, epc: identityOf(hex).epc };
}

/** Reads any form of an identifier: hex of an EPC, tag URI, pure identity URI, raw URI, element string, Digital Link of any host. */
export function parseTag(text: string, options: ParseOptions = {}): TagResult {
  if (text.startsWith('urn:epc:raw:')) return parseRaw(text);
  if (isText(text)) {
    const parsed = parseText(text, options);
    return parsed.ok ? { ok: true, epc: spell(parsed.tag) } : parsed;
  }
  return decodeEpc(text);
}
