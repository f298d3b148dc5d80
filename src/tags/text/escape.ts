import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';

const urnEscapes: Readonly<Record<string, string>> = {
  '"': '%22',
  '#': '%23',
  '%': '%25',
  '&': '%26',
  '/': '%2F',
  '<': '%3C',
  '>': '%3E',
  '?': '%3F',
};

function escapedWith(text: string, escapeOf: (character: string, code: number) => string | null): string {
  let result = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const triplet = escapeOf(text.charAt(at), text.charCodeAt(at));
    if (triplet === null) continue;
    result += text.slice(from, at) + triplet;
    from = at + 1;
  }
  return from === 0 ? text : result + text.slice(from);
}

/** A component as an EPC URI spells it: only `" # % & / < > ?` are escaped [TDS table A-1, URI form]. */
export function escapeUrn(text: string): string {
  return escapedWith(text, (character, code) => (code < 64 ? (urnEscapes[character] ?? null) : null));
}

function isUnreserved(code: number): boolean {
  if (code > 96) return code < 123 || code === 126;
  if (code > 64) return code < 91 || code === 95;
  return (code > 47 && code < 58) || code === 45 || code === 46;
}

/** A value as a Digital Link path or query spells it: everything but `A-Z a-z 0-9 - . _ ~` is escaped [RFC 3986 2.3]. */
export function escapeLink(text: string): string {
  return escapedWith(text, (_, code) =>
    isUnreserved(code) ? null : `%${code.toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

export type Unescaped = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: TagError };

function hexPairAt(text: string, at: number): number {
  const pair = text.slice(at, at + 2);
  return /^[0-9A-Fa-f]{2}$/.test(pair) ? Number.parseInt(pair, 16) : -1;
}

/** Undoes percent-escapes. `raw` lists characters that must have been escaped; `offset` is where `text` begins in the input. */
export function unescapeText(text: string, raw: string, offset: number): Unescaped {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (raw.includes(character)) {
      const expected = `%${text.charCodeAt(at).toString(16).toUpperCase()}`;
      return { ok: false, error: tagError('BAD_ESCAPE', `“${character}” must be escaped.`, offset + at, expected) };
    }
    if (character !== '%') {
      result += character;
      continue;
    }
    const code = hexPairAt(text, at + 1);
    if (code < 0) return { ok: false, error: tagError('BAD_ESCAPE', 'This escape is not valid.', offset + at, '%XX') };
    result += String.fromCharCode(code);
    at += 2;
  }
  return { ok: true, text: result };
}

/** Characters that an EPC URI may not hold unescaped. */
export const urnReserved = '"#&/<>?';
