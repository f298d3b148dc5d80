import type { Journal } from './carrier.ts';
import type { Batch, Store } from './journal/index.ts';
import type { Change } from './ledger/index.ts';

/** The store as the line writes to it. */
export function journalOf({ append, seen, failed }: Pick<Store, 'append' | 'seen' | 'failed'>): Journal {
  return {
    append: (changes) => append(batchOf(changes)),
    seen,
    failed: (listener) => void failed(listener),
  };
}

/** The same changes by their kind, in their order. */
function batchOf(changes: readonly Change[]): Batch {
  return {
    observations: changes.flatMap((change) => (change.kind === 'presence' ? change.observation : [])),
    events: changes.flatMap((change) => (change.kind === 'item' ? change.event : [])),
    customerEvents: changes.flatMap((change) => (change.kind === 'customer' ? change.event : [])),
  };
}
