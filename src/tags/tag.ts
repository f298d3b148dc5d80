import { isCheckedKey } from './elements.ts';
import type { Epc, TagMark } from './epc.ts';
import { canonicalLink, epcUri, pairsOf, pathOf, suffixOf } from './identity.ts';
import type { Identifier, Scheme } from './row.ts';
import { groupSeparator, splitBracketed } from './text/element-string.ts';
import { plainText } from './text/plain.ts';
import { elementText, linkText } from './text/render.ts';

/** What a text or a tag said, before it is spelled out. At least one of `components` and `elements` is there. */
export type Tag = {
  readonly identifier: Identifier;
  readonly scheme: Scheme | null;
  readonly hex: string | null;
  readonly filter: number | null;
  readonly components: readonly string[] | null;
  readonly elements: readonly string[] | null;
  /** Host name that a `++` tag carries. */
  readonly hostname: string | null;
  /** Host of the link that was parsed; used when a `++` tag is written. */
  readonly linkHost: string | null;
  readonly data: readonly (readonly [string, string])[];
  readonly marks: readonly TagMark[];
};

/** The one identity of the object: its canonical Digital Link, else its URN. */
export function idOf(
  identifier: Identifier,
  elements: readonly string[] | null,
  components: readonly string[] | null,
): string {
  const spec = identifier.elements;
  if (spec !== null && elements !== null) return canonicalLink(spec, elements);
  return epcUri(identifier.uri, components ?? []);
}

function tagUriOf(tag: Tag): string | null {
  if (tag.scheme === null || tag.scheme.form !== 'components' || tag.components === null) return null;
  const filter = tag.filter === null ? '' : `${tag.filter}.`;
  return epcUri(`urn:epc:tag:${tag.scheme.name}:${filter}`, tag.components);
}

function fieldsOf({ identifier, components, elements, hostname }: Tag): Record<string, string> {
  const fields: Record<string, string> = {};
  const put = (component: number, value: string | undefined) => {
    const name = identifier.components[component]?.name;
    if (name !== undefined && value !== undefined) fields[name] = value;
  };
  components?.forEach((value, at) => {
    put(at, value);
  });
  const spec = identifier.elements;
  if (spec !== null && elements !== null) {
    const key = elements[0] ?? '';
    fields[spec.key.field] = key.slice(0, spec.key.digits ?? key.length);
    for (const [index, value] of suffixOf(identifier, spec, key)) put(index, value);
    spec.others.forEach(({ component }, at) => {
      put(component, elements[at + 1]);
    });
  }
  if (hostname !== null) fields['hostname'] = hostname;
  return fields;
}

/** All spellings of one tag. */
export function spell(tag: Tag): Epc {
  const { identifier, components, elements } = tag;
  const spec = identifier.elements;
  const fields = fieldsOf(tag);
  const pairs = spec === null || elements === null ? null : [...pairsOf(spec, elements), ...tag.data];
  const id = idOf(identifier, elements, components);
  // Without data and a host name of its own the link is the canonical one.
  const bare = tag.data.length === 0 && tag.hostname === null;
  return {
    scheme: tag.scheme?.name ?? identifier.name,
    hex: tag.hex,
    id,
    tagUri: tagUriOf(tag),
    epcUri: components === null ? null : epcUri(identifier.uri, components),
    elementString: pairs === null ? null : elementText(pairs),
    digitalLink: pairs === null || spec === null ? null : bare ? id : linkText(pathOf(spec), pairs, tag.hostname),
    filter: tag.filter,
    gtin: identifier.name === 'sgtin' ? (fields['gtin'] ?? null) : null,
    fields,
    data: tag.data,
    marks: tag.marks,
  };
}

/** A tag whose content no scheme explains: `urn:epc:raw` [TDS 12.3.3]. */
export function rawEpc(hex: string, afi: string | null = null): Epc {
  const content = hex.toUpperCase();
  const uri = `urn:epc:raw:${content.length * 4}.${afi === null ? '' : `x${afi}.`}x${content}`;
  const fields = afi === null ? {} : { afi };
  return {
    scheme: 'raw',
    hex: content,
    id: uri,
    tagUri: null,
    epcUri: uri,
    elementString: null,
    digitalLink: null,
    filter: null,
    gtin: null,
    fields,
    data: [],
    marks: [],
  };
}

/**
 * The element string as a scanner sends it: no brackets, FNC1 (GS, 1Dh, or `separator`) after values of variable length, and in front where
 * it would be taken for something else without: a key without a check digit, digits as many as an SSCC has. `null` for identifiers that are no GS1 keys.
 */
export function plainElementString(epc: Epc, separator = groupSeparator): string | null {
  if (epc.elementString === null) return null;
  const split = splitBracketed(epc.elementString);
  if (!split.ok) return null;
  const { pairs } = split.value;
  const text = plainText(pairs, separator);
  const isPlainDigits = /^\d{18}$/.test(text);
  return isCheckedKey(pairs[0]?.[0] ?? '') && !isPlainDigits ? text : separator + text;
}
