import type { Journal } from './carrier.ts';
import { GatewayError } from './kit/index.ts';
import type { Change } from './ledger/index.ts';
import type { Batch, Store } from './store/index.ts';

/** The store as the line writes to it. */
export function journalOf(store: Pick<Store, 'commit' | 'seen'>): Journal {
  const listeners: (() => void)[] = [];
  const write = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      if (error instanceof GatewayError) for (const listener of listeners) listener();
      throw error;
    }
  };
  return {
    append: (changes) =>
      write(() => {
        store.commit(batchOf(changes));
        return { duplicates: [] };
      }),
    seen: (rows) => write(() => store.seen(rows)),
    failed: (listener) => void listeners.push(listener),
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
