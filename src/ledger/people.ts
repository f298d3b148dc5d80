import { type Customer, erased, type KnownPeople } from '../customers/index.ts';

/** Persons and their tokens. A token is known by its keyed hash only. */
export type People = {
  /** The person behind a token's identity, `erased` where that person was erased or is being changed, or null. */
  byToken(id: string): Customer | null;
  /**
   * Until the answer is called, nothing is recorded of this person's tokens, the ones of now and the given ones: their consent
   * is being written.
   */
  hold(customer: string, tokens: readonly string[]): () => void;
  /** The person has this consent and these tokens now. */
  put(customer: Customer, tokens: readonly string[]): void;
  /** The person is gone; the hashes of the tokens stay known as nobody's. */
  erase(customer: string): void;
};

/** `hashOf` is asked for nothing while there are no tokens: it costs more than all the rest of a decision. */
export function createPeople(known: KnownPeople, hashOf: (id: string) => string): People {
  const customers = new Map(known.customers.map((customer) => [customer.customer, customer]));
  const tokens = new Map(known.tokens.map(({ hash, customer }) => [hash, customer]));
  const gone = new Set(known.erased);
  const held = new Map<string, number>();
  const tokensOf = (customer: string) => [...tokens].flatMap(([hash, of]) => (of === customer ? [hash] : []));

  const release = (hashes: readonly string[]) => {
    for (const hash of hashes) {
      const left = (held.get(hash) ?? 1) - 1;
      if (left === 0) held.delete(hash);
      else held.set(hash, left);
    }
  };
  return {
    byToken: (id) => {
      if (tokens.size + gone.size + held.size === 0) return null;
      const hash = hashOf(id);
      if (held.has(hash)) return erased;
      const customer = tokens.get(hash);
      if (customer !== undefined) return customers.get(customer) ?? null;
      return gone.has(hash) ? erased : null;
    },
    hold: (customer, given) => {
      const hashes = [...new Set([...tokensOf(customer), ...given.map(hashOf)])];
      for (const hash of hashes) held.set(hash, (held.get(hash) ?? 0) + 1);
      return () => release(hashes);
    },
    put: (customer, given) => {
      for (const hash of tokensOf(customer.customer)) tokens.delete(hash);
      for (const hash of given.map(hashOf)) {
        tokens.set(hash, customer.customer);
        if (customer.consent.given) gone.delete(hash);
      }
      customers.set(customer.customer, customer);
    },
    erase: (customer) => {
      for (const hash of tokensOf(customer)) {
        tokens.delete(hash);
        gone.add(hash);
      }
      customers.delete(customer);
    },
  };
}
