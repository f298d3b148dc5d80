import { escapeLink } from './escape.ts';

type Pairs = readonly (readonly [ai: string, value: string])[];

/** Bracketed element string `(01)…(21)…`. A value that would look like an AI in brackets has its bracket escaped `\(`. */
export function elementText(pairs: Pairs): string {
  let text = '';
  for (const [ai, value] of pairs) {
    text += `(${ai})${value.includes('(') ? value.replace(/\((?=\d{2,4}\))/g, '\\(') : value}`;
  }
  return text;
}

/** A Digital Link on the tag's own host where it names one; AIs of `order` make the path, other data the query. */
export function linkText(order: readonly string[], pairs: Pairs, hostname: string | null): string {
  let path = '';
  for (const ai of order) {
    const pair = pairs.find(([other]) => other === ai);
    if (pair !== undefined) path += `/${ai}/${escapeLink(pair[1])}`;
  }
  const rest = pairs.filter(([ai]) => !order.includes(ai));
  const query = rest.map(([ai, value]) => `${ai}=${escapeLink(value)}`).join('&');
  const host = hostname === null ? 'id.gs1.org' : hostname.toLowerCase();
  return `https://${host}${path}${query === '' ? '' : `?${query}`}`;
}
