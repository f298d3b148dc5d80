import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import type { Observation } from '../presence/index.ts';

/** One thing that was decided: what is appended to the log, and the presence that follows it on disk. */
export type Change =
  | { readonly kind: 'presence'; readonly observation: Observation }
  | { readonly kind: 'item'; readonly event: ItemEvent }
  | { readonly kind: 'customer'; readonly event: CustomerEvent };

/** The changes of one decision, in the order in which they are written. */
export function changesOf(
  observations: readonly Observation[],
  events: readonly ItemEvent[],
  customerEvents: readonly CustomerEvent[],
): Change[] {
  return [
    ...observations.map((observation) => ({ kind: 'presence', observation }) as const),
    ...events.map((event) => ({ kind: 'item', event }) as const),
    ...customerEvents.map((event) => ({ kind: 'customer', event }) as const),
  ];
}
