import type { Bucket, Item } from './item.ts';

export const itemEventTypes = [
  'item.arrived',
  'item.moved',
  'item.departed',
  'item.sold',
  'item.returned',
  'item.alert',
  'item.changed',
  'item.ignored',
] as const;
export type ItemEventType = (typeof itemEventTypes)[number];

/** One line of stock that the event changes; deltas of one event sum to the item's bucket change. */
export type StockDelta = {
  readonly gtin: string;
  readonly location: string;
  readonly bucket: Bucket;
  readonly delta: 1 | -1;
};

/** A fact about one item: what happened, when, and the item as it is after it. Its `id` is derived from its content. */
export type ItemEvent = {
  readonly id: string;
  readonly type: ItemEventType;
  /** Lifecycle-table input that caused it: `seen`, `receive`, `sell`, `exitUnpaid`, … */
  readonly input: string;
  /** Event time, epoch ms. */
  readonly at: number;
  /** Whether destinations hear of it; false for moves between read points of one location and for inputs only logged. */
  readonly announce: boolean;
  /** Alert rule (`exit-unpaid`, `retired-read`, …) for item.alert, else null. */
  readonly alert: string | null;
  readonly fromLocation: string | null;
  readonly fromLifecycle: string | null;
  /** CBV words, bare. */
  readonly action: 'ADD' | 'OBSERVE' | 'DELETE';
  readonly bizStep: string | null;
  readonly disposition: string | null;
  /** Id of the input that caused it when it came from outside (sale, count, …): makes the input idempotent. */
  readonly cause: string | null;
  readonly item: Item;
  readonly stock: readonly StockDelta[];
};

/** A business input: what a POS, an ERP or a member of staff says of an item. `id` makes it idempotent. */
export type ItemInput = {
  readonly id: string;
  readonly input: string;
  /** Canonical identity of the item. */
  readonly item: string;
  readonly hex: string | null;
  readonly at: number;
  readonly location: string | null;
  readonly reason: string | null;
  readonly party: string | null;
};

export type InputResult =
  | { readonly ok: true; readonly events: readonly ItemEvent[] }
  | ({ readonly ok: false } & InputRefusal);

/** Why an input is refused, which member of it is wrong, and what would have been taken there, where that can be listed. */
export type InputRefusal = {
  readonly reason: string;
  readonly about: 'input' | 'item' | 'location' | 'reason';
  readonly allowed: readonly string[];
};
