import { GatewayError } from '../kit/index.ts';
import type { Page } from './types.ts';

type Key = readonly (string | number)[];

/** How many rows a page may hold. */
export function pageSize(limit: number): number {
  return Math.min(1000, Math.max(1, Math.floor(limit)));
}

/** Rows fetched with one more than `limit` → a page whose cursor is the last row's key. */
export function pageOf<T>(rows: readonly T[], limit: number, keyOf: (row: T) => Key): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { rows: shown, next: more ? cursorOf(keyOf(last)) : null };
}

/** The cursor behind a key. */
export function cursorOf(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key inside a cursor, or `first` when there is none. Throws REQUEST_INVALID for a cursor that is not ours. */
export function cursorKey<K extends Key>(cursor: string | null, first: K): K {
  if (cursor === null) return first;
  const key = parse(cursor);
  const fits =
    Array.isArray(key) && key.length === first.length && key.every((part, at) => typeof part === typeof first[at]);
  if (!fits) throw new GatewayError('REQUEST_INVALID', 'The cursor is not one that this gateway gave.', { cursor });
  return key as unknown as K;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
