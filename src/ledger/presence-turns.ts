import type { Observation, Presence } from '../presence/index.ts';
import type { TagRead } from '../tags/index.ts';

/** What presence made of the reads of a message. */
export type Taken = {
  readonly observations: readonly Observation[];
  /** The number of this taking; 0 where nothing was observed. */
  readonly turn: number;
  /** The highest number, not yet on disk, that these reads rely on; 0 = none. */
  readonly reliesOn: number;
};

/** Presence with its observations numbered, so that it knows which of them are on disk. */
export type NumberedPresence = Pick<Presence, 'forget' | 'restore' | 'unsaved' | 'unsavedCount'> & {
  take(reads: readonly TagRead[], now: number, redelivered: boolean): Taken;
  /** At most `most` of what is due at `now`; `more` where some is left. */
  expire(now: number, most: number): Omit<Taken, 'reliesOn'> & { readonly more: boolean };
  /** All up to this number is on disk. */
  settled(turn: number): void;
};

/** Numbers what presence observes. Every message relies on all that is not on disk. */
export function numbered(presence: Presence): NumberedPresence {
  let last = 0;
  let onDisk = 0;
  const turnOf = (observations: readonly Observation[]) => (observations.length === 0 ? 0 : ++last);
  return {
    ...presence,
    take: (reads, now, redelivered) => {
      const reliesOn = last > onDisk ? last : 0;
      const observations = presence.take(reads, now, redelivered);
      return { observations, turn: turnOf(observations), reliesOn };
    },
    expire: (now) => {
      const observations = presence.expire(now);
      return { observations, turn: turnOf(observations), more: false };
    },
    settled: (turn) => {
      onDisk = Math.max(onDisk, turn);
    },
  };
}
