import type { Store } from './journal/index.ts';
import type { Ledger } from './ledger/index.ts';

/**
 * The store as others than the line write to it: what the ledger keeps in memory of people follows each write. While a person's
 * consent is being written, nothing is recorded of the tokens.
 */
export function knownWrites(store: Store, ledger: Ledger): Store {
  const { people } = ledger;
  return {
    ...store,
    customers: {
      ...store.customers,
      put: async (customer, tokens) => {
        const release = people.hold(customer.customer, tokens);
        try {
          const removed = await store.customers.put(customer, tokens);
          people.put(customer, tokens);
          ledger.items.doubt([...tokens, ...removed.items]);
          return removed;
        } finally {
          release();
        }
      },
      erase: async (customer) => {
        const release = people.hold(customer, []);
        try {
          const removed = await store.customers.erase(customer);
          people.erase(customer);
          ledger.items.doubt(removed.items);
          return removed;
        } finally {
          release();
        }
      },
    },
  };
}
