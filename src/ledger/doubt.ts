import { GatewayError } from '../kit/index.ts';
import type { Presence, PresenceRow } from '../presence/index.ts';
import type { Pending } from './pending.ts';

/** Tags of whom presence may believe what is not on disk. They are forgotten at once, and read back before anything is decided. */
export type Doubt = {
  add(ids: Iterable<string>): void;
  /** Reads back what is in doubt. Throws what the look-up throws, and STORE_UNAVAILABLE while something is still being written. */
  mend(now: number): void;
  /** The same; the answer is what kept it from being read back, or null. */
  tryMend(now: number): GatewayError | null;
};

export function createDoubt(
  presence: Pick<Presence, 'forget' | 'restore'>,
  rowsOf: (ids: readonly string[]) => readonly PresenceRow[],
  pending: Pending,
): Doubt {
  const doubtful = new Set<string>();
  const mend = (now: number): void => {
    if (doubtful.size === 0) return;
    if (pending.last() !== null)
      throw new GatewayError('STORE_UNAVAILABLE', 'What could not be written is being read back from the database.');
    presence.restore(rowsOf([...doubtful]), now);
    doubtful.clear();
  };
  return {
    add: (ids) => {
      const added = [...ids];
      presence.forget(added);
      for (const id of added) doubtful.add(id);
    },
    mend,
    tryMend: (now) => {
      try {
        mend(now);
        return null;
      } catch (error) {
        if (error instanceof GatewayError) return error;
        throw error;
      }
    },
  };
}
