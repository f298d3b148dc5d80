import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';

/** For each character code: 1 where it must be escaped. */
function flags(plain: (character: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (plain(String.fromCharCode(code)) ? 0 : 1));
}

const urnFlags = flags((character) => !'"#%&/<>?'.includes(character));
const linkFlags = flags((character) => /[A-Za-z0-9\-._~]/.test(character));

/** Two hex digits: no value that is spelled holds a control character. */
function triplet(code: number): string {
  return `%${code.toString(16).toUpperCase()}`;
}

function escapedBy(text: string, escapes: Uint8Array): string {
  for (let at = 0; at < text.length; at++) {
    if (escapes[text.charCodeAt(at)] !== 0) return escapedFrom(text, at, escapes);
  }
  return text;
}

function escapedFrom(text: string, first: number, escapes: Uint8Array): string {
  let result = text.slice(0, first);
  for (let at = first; at < text.length; at++) {
    const code = text.charCodeAt(at);
    result += escapes[code] === 0 ? text.charAt(at) : triplet(code);
  }
  return result;
}

/** A component as an EPC URI spells it: only `" # % & / < > ?` are escaped [TDS table A-1, URI form]. */
export function escapeUrn(text: string): string {
  return escapedBy(text, urnFlags);
}

/** A value as a Digital Link path or query spells it: everything but `A-Z a-z 0-9 - . _ ~` is escaped [RFC 3986 2.3]. */
export function escapeLink(text: string): string {
  return escapedBy(text, linkFlags);
}

export type Unescaped = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: TagError };

function hexPairAt(text: string, at: number): number {
  const pair = text.slice(at, at + 2);
  return /[0-9A-Fa-f]{2}/.test(pair) ? Number.parseInt(pair, 16) : -1;
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
