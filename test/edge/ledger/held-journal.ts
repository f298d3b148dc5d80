import type { Journal } from '../../../src/carrier.ts';
import { GatewayError } from '../../../src/kit/index.ts';

/** A journal in the test's hand: nothing is written until the test says so, and then it is, or all that waits is refused. */
export function heldJournal(journal: Journal) {
  type Waiting = { write(): Promise<unknown>; resolve(value: never): void; reject(error: unknown): void };
  let waiting: Waiting[] = [];
  const listeners: (() => void)[] = [];
  const hold = <T>(write: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ write, resolve: resolve as (value: unknown) => void, reject });
    });
  const refuse = (error: unknown) => {
    const refused = waiting;
    waiting = [];
    for (const listener of listeners) listener();
    for (const { reject } of refused) reject(error);
  };
  const held: Journal = {
    append: (changes) => hold(() => journal.append(changes)),
    seen: (rows) => hold(() => journal.seen(rows)),
    failed: (listener) => void listeners.push(listener),
  };
  return {
    journal: held,
    waiting: () => waiting.length,
    /** Writes the first `count` that wait, one after the other; where the database fails, the rest is refused with it. */
    write: async (count: number) => {
      for (let n = 0; n < count && waiting.length > 0; n++) {
        const [first] = waiting;
        if (first === undefined) return;
        try {
          const value = await first.write();
          waiting.shift();
          first.resolve(value as never);
        } catch (error) {
          refuse(error);
        }
      }
    },
    /** The disk refuses all that waits. */
    refuse: () => refuse(new GatewayError('STORE_UNAVAILABLE', 'refused by the test')),
  };
}
