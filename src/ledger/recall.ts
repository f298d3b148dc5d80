import type { Presence, PresenceRow } from '../presence/index.ts';
import type { ReadBatch } from '../tags/index.ts';

/**
 * Presence comes back from disk in slices, beside the work. Until all of it is there, a tag that is read is looked up first, so
 * that it does not arrive where it is; and nothing departs, since what else keeps a tag may not be there yet.
 */
export type Recall = {
  /** Call before reads are taken, `now` in epoch ms. Throws what the look-up throws: then the reads may come again. */
  before(batch: ReadBatch, now: number): void;
  /** Takes a slice of what is on disk. What was looked up is newer. */
  load(rows: readonly PresenceRow[], now: number): void;
  /** Everything on disk was loaded. */
  loaded(): void;
  isWhole(): boolean;
};

/** `isWhole`: presence holds already what is on disk. */
export function createRecall(
  presence: Pick<Presence, 'restore' | 'identitiesOf'>,
  rowsOf: (ids: readonly string[]) => readonly PresenceRow[],
  isWhole: boolean,
): Recall {
  const lookedUp = new Set<string>();
  const self = { isWhole };
  return {
    before: (batch, now) => {
      if (self.isWhole) return;
      const ids = [...presence.identitiesOf(batch)].filter((id) => !lookedUp.has(id));
      presence.restore(rowsOf(ids), now);
      for (const id of ids) lookedUp.add(id);
    },
    load: (rows, now) => {
      const others = lookedUp.size === 0 ? rows : rows.filter(({ id }) => !lookedUp.has(id));
      presence.restore(others, now);
    },
    loaded: () => {
      self.isWhole = true;
      lookedUp.clear();
    },
    isWhole: () => self.isWhole,
  };
}
