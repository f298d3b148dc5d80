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

/** A Digital Link with the key's path, on the tag's own host where it names one; other data go to the query. */
export function linkText(path: string, data: Pairs, hostname: string | null): string {
  const host = hostname === null ? 'id.gs1.org' : hostname.toLowerCase();
  const query = data.map(([ai, value]) => `${ai}=${escapeLink(value)}`).join('&');
  return `https://${host}${path}${query === '' ? '' : `?${query}`}`;
}
