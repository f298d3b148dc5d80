import { checkDigit } from './bits/digits.ts';
import type { Elements, Identifier } from './row.ts';
import { escapeLink, escapeUrn } from './text/escape.ts';

/** The resolver of canonical links [GS1 Digital Link URI Syntax 5]. */
const canonicalHost = 'https://id.gs1.org';

const notNumeric: readonly boolean[] = [];

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

const zero = 48;

/** Whether company prefix and item reference are zeros alone, which no trade item has. */
export function namesNoItem(identifier: Identifier, components: readonly string[]): boolean {
  if (identifier.elements?.key.lead !== 'indicator') return false;
  const [prefix = '', reference = ''] = components;
  return prefix.charCodeAt(0) === zero && Number(prefix) === 0 && Number(reference) === 0;
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
  spec: Elements,
  elements: readonly string[],
  prefixLength: number,
): string[] | null {
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

/** The canonical Digital Link of a key. Elements that `numeric` says are digits only need no escapes. */
export function canonicalLink(
  spec: Elements,
  elements: readonly string[],
  numeric: readonly boolean[] = notNumeric,
): string {
  let link = `${canonicalHost}/${spec.key.ai}/`;
  for (let at = 0; at < elements.length; at++) {
    const value = elements[at] ?? '';
    if (at > 0) link += `/${spec.others[at - 1]?.ai}/`;
    link += numeric[at] === true ? value : escapeLink(value);
  }
  return link;
}

/** `start` and the components as an EPC URI spells them, with dots between; those that are `numeric` need no escapes. */
export function epcUri(start: string, components: readonly string[], numeric: readonly boolean[] = notNumeric): string {
  let uri = start;
  for (let at = 0; at < components.length; at++) {
    const value = components[at] ?? '';
    if (at > 0) uri += '.';
    uri += numeric[at] === true ? value : escapeUrn(value);
  }
  return uri;
}
