import { tagError } from '../error.ts';
import type { Pair } from './element-string.ts';
import { unescapeText } from './escape.ts';
import type { Split } from './urn.ts';

export type Link = {
  readonly host: string;
  readonly path: readonly Pair[];
  readonly query: readonly Pair[];
};

const schemeAndHost = /^https?:\/\/([^/?#]+)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/;

function decodeAll(parts: readonly string[], offset: number): Split<string[]> {
  const values: string[] = [];
  for (const part of parts) {
    const plain = unescapeText(part, '', offset);
    if (!plain.ok) return plain;
    values.push(plain.text);
  }
  return { ok: true, value: values };
}

function pairUp(values: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < values.length; at += 2) pairs.push([values[at] ?? '', values[at + 1] ?? '']);
  return pairs;
}

/** Splits a Digital Link of any host. `isKey` tells which AI may open the path; what stands before it belongs to the host. */
export function splitLink(text: string, isKey: (ai: string) => boolean): Split<Link> {
  const match = schemeAndHost.exec(text);
  if (match === null) return { ok: false, error: tagError('SYNTAX', 'This is not a web address.', 0, 'https://…') };
  const [, host = '', rawPath = '', rawQuery = ''] = match;
  const segments = rawPath.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  const first = segments.findIndex((segment, at) => isKey(segment) && (segments.length - at) % 2 === 0);
  const start = text.indexOf('/', text.indexOf('://') + 3);
  if (first < 0) return { ok: false, error: tagError('SYNTAX', 'No GS1 key stands in the path.', start, '/01/…/21/…') };
  const values = decodeAll(segments.slice(first), start);
  if (!values.ok) return values;
  const query: Pair[] = [];
  for (const part of rawQuery.split(/[&;]/)) {
    const equals = part.indexOf('=');
    if (!/^\d{2,4}=/.test(part)) continue;
    const value = unescapeText(part.slice(equals + 1), '', text.indexOf('?') + 1);
    if (!value.ok) return value;
    query.push([part.slice(0, equals), value.text]);
  }
  return { ok: true, value: { host, path: pairUp(values.value), query } };
}
