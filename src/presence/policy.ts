import type { ReadPoint, ReadPointKind } from './read-point.ts';

/** How many reads, within which reader time, make a glimpse an arrival [docs/item-model.md, "Presence"]. */
export type Confirmation = { readonly reads: 1 | 2 | 3; readonly withinMs: number };

const minutesMs = 60_000;
const hoursMs = 3_600_000;

/** A read received later than this after it was made is a late report: its silence counts on the reader's clock. */
export const lateMs = 5 * minutesMs;

/** A departure waits no longer than this for a glimpse elsewhere to become an arrival. */
export const holdMs = 30_000;

/** Reads that the running share at a read point looks back on. */
export const evidenceReads = 20;

const often: Confirmation = { reads: 3, withinMs: 2_000 };
const twice: Confirmation = { reads: 2, withinMs: Number.POSITIVE_INFINITY };
const once: Confirmation = { reads: 1, withinMs: Number.POSITIVE_INFINITY };

type Row = { readonly confirm: Confirmation; readonly departMs: number };

const byKind = {
  portal: { confirm: twice, departMs: 10 * minutesMs },
  shelf: { confirm: twice, departMs: 10 * minutesMs },
  desk: { confirm: once, departMs: 10 * minutesMs },
  handheld: { confirm: once, departMs: Number.POSITIVE_INFINITY },
  'fitting-room': { confirm: twice, departMs: minutesMs },
  'point-of-sale': { confirm: often, departMs: 5_000 },
  exit: { confirm: often, departMs: 30_000 },
  checkpoint: { confirm: twice, departMs: minutesMs },
  access: { confirm: once, departMs: 30_000 },
} as const satisfies Record<ReadPointKind, Row>;

const wholeDay = new Set(['back-room', 'receiving', 'shipping']);

/** What a tag must do to have arrived at a read point. */
export function confirmationOf(readPoint: ReadPoint): Confirmation {
  return byKind[readPoint.kind].confirm;
}

/** Silence in ms after which a tag has left a read point; Infinity = never by silence. */
export function departMsOf(readPoint: ReadPoint): number {
  if (readPoint.departAfterMs !== null) return readPoint.departAfterMs;
  if (readPoint.kind === 'portal' && wholeDay.has(readPoint.locationKind)) return 24 * hoursMs;
  return byKind[readPoint.kind].departMs;
}
