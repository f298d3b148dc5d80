import { isAi } from '../ai/dictionary.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { type Elemental, type Pair, unknownElement } from './element-string.ts';
import { unescapeText } from './escape.ts';
import type { Split } from './urn.ts';

/** `path` is how many of the elements stand in the path, the key first; the others are attributes of the query. */
export type Link = Elemental & { readonly host: string; readonly path: number };

/** Words for AIs of Digital Link 1.1; later versions dropped them. */
const aliases: Readonly<Record<string, string>> = {
  cpid: '8010',
  cpsn: '8011',
  cpv: '22',
  exp: '17',
  gcn: '255',
  gdti: '253',
  giai: '8004',
  ginc: '401',
  gln: '414',
  glnx: '254',
  gmn: '8013',
  grai: '8003',
  gsin: '402',
  gsrn: '8018',
  gsrnp: '8017',
  gtin: '01',
  itip: '8006',
  lot: '10',
  party: '417',
  refno: '8020',
  ser: '21',
  srin: '8019',
  sscc: '00',
};

const schemeAndHost = /^https?:\/\/([^/?#]+)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/i;

/** Reads `ai/value/ai/value…`, an even number of segments; `offset` is where the first segment begins in the text. */
function splitPath(segments: readonly string[], offset: number, aiOf: (word: string) => string): Split<Elemental> {
  const pairs: Pair[] = [];
  const starts: number[] = [];
  let start = offset;
  for (let at = 0; at < segments.length; at += 2) {
    const [word = '', raw = ''] = segments.slice(at, at + 2);
    start += word.length + 1;
    const value = unescapeText(raw, '', start);
    if (!value.ok) return value;
    pairs.push(fullGtin([aiOf(word), value.text]));
    starts.push(start);
    start += raw.length + 1;
  }
  return { ok: true, value: { pairs, starts, warnings: [] } };
}

function splitQuery(query: string, offset: number, aiOf: (word: string) => string): Split<Elemental> {
  const pairs: Pair[] = [];
  const starts: number[] = [];
  const warnings: TagError[] = [];
  let next = offset;
  for (const part of query.split(/[&;]/)) {
    const equals = part.indexOf('=');
    const ai = aiOf(part.slice(0, Math.max(0, equals)));
    const start = next + equals + 1;
    next += part.length + 1;
    if (!isAi(ai)) {
      // Other words belong to the web site, not to the thing; numbers are AIs [GS1 Digital Link 4.11].
      if (/^\d+$/.test(ai)) warnings.push(unknownElement(ai, start));
      continue;
    }
    const value = unescapeText(part.slice(equals + 1), '', start);
    if (!value.ok) return value;
    pairs.push([ai, value.text]);
    starts.push(start);
  }
  return { ok: true, value: { pairs, starts, warnings } };
}

/** A GTIN-8, -12 or -13 in a link stands for its GTIN-14. */
function fullGtin([ai, value]: Pair): Pair {
  return ai === '01' && /^(\d{8}|\d{12,13})$/.test(value) ? [ai, value.padStart(14, '0')] : [ai, value];
}

/**
 * Splits a Digital Link of any host. `isKey` tells which AI may open the path: the last of them does, what stands before it belongs to
 * the host. With `words`, the words of version 1.1 are read as AIs.
 */
export function splitLink(text: string, isKey: (ai: string) => boolean, words: boolean): Split<Link> {
  const match = schemeAndHost.exec(text);
  if (match === null) return { ok: false, error: tagError('SYNTAX', 'This is not a web address.', 0, 'https://…') };
  const [, host = '', rawPath = '', rawQuery = ''] = match;
  const aiOf = (word: string) => (words ? (aliases[word] ?? word) : word);
  const segments = rawPath.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  const first = segments.findLastIndex((segment, at) => isKey(aiOf(segment)) && (segments.length - at) % 2 === 0);
  const start = text.indexOf('/', text.indexOf('://') + 3) + 1;
  if (first < 0) return { ok: false, error: tagError('SYNTAX', 'No GS1 key stands in the path.', start, '01/…/21/…') };
  const offset = start + segments.slice(0, first).join('/').length + Math.min(first, 1);
  const path = splitPath(segments.slice(first), offset, aiOf);
  if (!path.ok) return path;
  const query = splitQuery(rawQuery, text.indexOf('?') + 1, aiOf);
  if (!query.ok) return query;
  const pairs = [...path.value.pairs, ...query.value.pairs];
  const twice = pairs.find(([ai], at) => pairs.findIndex(([other]) => other === ai) < at);
  if (twice !== undefined) {
    return { ok: false, error: tagError('SYNTAX', `AI ${twice[0]} stands twice.`, start, 'each AI once') };
  }
  const starts = [...path.value.starts, ...query.value.starts];
  const { warnings } = query.value;
  return { ok: true, value: { host, path: path.value.pairs.length, pairs, starts, warnings } };
}
