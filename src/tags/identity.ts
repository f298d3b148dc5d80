import { checkDigit } from './bits/digits.ts';
import type { Domain, Elements, Identifier } from './row.ts';
import { escapeLink, escapeUrn } from './text/escape.ts';

/** The resolver of canonical links [GS1 Digital Link URI Syntax 5]. */
const canonicalHost = 'https://id.gs1.org';

function keyOf(spec: Elements, components: readonly string[]): string {
  const { lead, digits, suffix } = spec.key;
  const prefix = components[0] ?? '';
  const reference = components[1] ?? '';
  let key = prefix + reference;
  if (lead === 'indicator') key = reference.charAt(0) + prefix + reference.slice(1);
  else if (lead === 'zero') key = `0${key}`;
  if (digits !== null) key += checkDigit(key);
  for (const index of suffix) key += components[index] ?? '';
  return key;
}

/** The values of the key's elements (AI order of the row) from the components of the URI; an omitted qualifier is absent. */
export function elementsOf(spec: Elements, components: readonly string[]): string[] {
  const values = [keyOf(spec, components)];
  for (const other of spec.others) {
    const value = components[other.component] ?? '';
    if (value !== other.omit) values.push(value);
  }
  return values;
}

/** What follows the fixed part of a key, by component: fixed numbers of digits first, the rest to the last. */
export function suffixOf(identifier: Identifier, spec: Elements, key: string): [index: number, value: string][] {
  let from = spec.key.digits ?? key.length;
  return spec.key.suffix.map((index) => {
    const domain = identifier.components[index]?.domain;
    const to = domain?.kind === 'digits' && domain.min === domain.max ? from + domain.max : key.length;
    const value = key.slice(from, to);
    from = to;
    return [index, value];
  });
}

/** The fixed part of a key from its company prefix on, without lead and check digit. */
export function keyBody(spec: Elements, key: string): string {
  const { lead, digits } = spec.key;
  return key.slice(lead === 'none' ? 0 : 1, digits === null ? key.length : digits - 1);
}

/** The components of the URI from the elements, when the company prefix has `prefixLength` digits; `null` when that cannot be. */
export function componentsOf(
  identifier: Identifier,
  elements: readonly string[],
  prefixLength: number,
): string[] | null {
  const spec = identifier.elements;
  if (spec === null) return null;
  const key = elements[0] ?? '';
  const body = keyBody(spec, key);
  if (body.length < prefixLength) return null;
  const indicator = spec.key.lead === 'indicator' ? key.charAt(0) : '';
  const components = [body.slice(0, prefixLength), indicator + body.slice(prefixLength)];
  for (const [index, value] of suffixOf(identifier, spec, key)) components[index] = value;
  spec.others.forEach((other, at) => {
    components[other.component] = elements[at + 1] ?? other.omit ?? '';
  });
  return components;
}

/** AI and value of each key element. */
export function pairsOf(spec: Elements, elements: readonly string[]): [string, string][] {
  return elements.map((value, at) => [at === 0 ? spec.key.ai : (spec.others[at - 1]?.ai ?? ''), value]);
}

/** AIs of the path of a Digital Link in their order, the key first. */
export function pathOf(spec: Elements): readonly string[] {
  return [spec.key.ai, ...(spec.path ?? spec.others.map((other) => other.ai))];
}

/** The canonical Digital Link of a key. */
export function canonicalLink(spec: Elements, elements: readonly string[]): string {
  let link = `${canonicalHost}/${spec.key.ai}/${escapeLink(elements[0] ?? '')}`;
  for (let at = 1; at < elements.length; at++) link += `/${spec.others[at - 1]?.ai}/${escapeLink(elements[at] ?? '')}`;
  return link;
}

/** Whether values of this kind are digits only, so that nothing in them is ever escaped. */
function isNumeric(kind: Domain['kind'] | undefined): boolean {
  return kind === 'prefix' || kind === 'reference' || kind === 'integer' || kind === 'digits';
}

/** `start` and the components as an EPC URI spells them, with dots between. */
export function epcUri(start: string, identifier: Identifier, components: readonly string[]): string {
  let uri = start;
  for (let at = 0; at < components.length; at++) {
    const value = components[at] ?? '';
    const spelled = isNumeric(identifier.components[at]?.domain.kind) ? value : escapeUrn(value);
    uri += at === 0 ? spelled : `.${spelled}`;
  }
  return uri;
}

/** The pure identity URI (or class URI) [TDS 6.3]. */
export function pureIdentityUri(identifier: Identifier, components: readonly string[]): string {
  return epcUri(identifier.uri, identifier, components);
}
