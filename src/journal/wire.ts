import type { Call } from './writes.ts';

/*
 * What is said between the queue and the writing connection, in order:
 *
 *   queue ─▶ writer   calls (in the order of their calling) · aside (between two transactions) · close
 *   writer ─▶ queue   opened, or refused · done (so many calls, in order) · failed (all that have no answer) · aside · closed
 *
 * After `failed` the writer passes over calls of the same `era`: they were decided on what is not on disk. The queue begins a
 * new era when it hears of the failure. Before `opened` nothing was written; after `refused` nothing ever is.
 */

/** Work that is no part of a transaction. `recover` and `probe` answer 'products' where the rest of an import was entered meanwhile, else null. */
export type Aside =
  | { readonly name: 'recover' }
  | { readonly name: 'probe' }
  | { readonly name: 'backup'; readonly file: string };

export type ToWriter =
  | { readonly kind: 'calls'; readonly era: number; readonly calls: Call[] }
  | { readonly kind: 'aside'; readonly id: number; readonly aside: Aside }
  | { readonly kind: 'close' };

/** What became of a call, or of work aside. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

export type FromWriter =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'done'; readonly outcomes: readonly Outcome[]; readonly commits: number }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'aside'; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: 'closed' };

/** The way to the writing connection, wherever it is. */
export type Port = {
  /** What a call weighs, in bytes, and its form for the way. */
  pack(call: Call): { readonly packed: Packed; readonly bytes: number };
  post(message: Posted): void;
};

/** A call on its way: mostly JSON where it crosses to another thread. */
export type Packed = Call | string;

export type Posted =
  | { readonly kind: 'calls'; readonly era: number; readonly calls: readonly Packed[] }
  | Exclude<ToWriter, { readonly kind: 'calls' }>;
