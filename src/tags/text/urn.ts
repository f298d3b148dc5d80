import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { unescapeText, urnReserved } from './escape.ts';

export type Split<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: TagError };

export type Body = { readonly components: string[]; readonly starts: number[] };

/** Splits the body of an EPC URI from the left into `count` components and undoes their escapes; `offset` is its place in the text. */
export function splitBody(body: string, count: number, offset: number): Split<Body> {
  const parts: string[] = [];
  let from = 0;
  while (parts.length < count - 1) {
    const dot = body.indexOf('.', from);
    if (dot < 0) break;
    parts.push(body.slice(from, dot));
    from = dot + 1;
  }
  parts.push(body.slice(from));
  if (parts.length < count) {
    return {
      ok: false,
      error: tagError('SYNTAX', 'A component is missing.', offset + body.length, `${count} components`),
    };
  }
  const components: string[] = [];
  const starts: number[] = [];
  let at = offset;
  for (const part of parts) {
    const plain = unescapeText(part, urnReserved, at);
    if (!plain.ok) return plain;
    components.push(plain.text);
    starts.push(at);
    at += part.length + 1;
  }
  return { ok: true, value: { components, starts } };
}
