import type { Observation, Presence } from '../../../src/presence/index.ts';
import { batchOf, type TagRead } from '../../../src/tags/index.ts';

/** The door of presence as tests speak through it: reads as values, each with its own time of receipt, and observations alone. */
export type ArrayDoor = Omit<Presence, 'take' | 'expire'> & {
  take(reads: readonly TagRead[], now: number, redelivered: boolean): Observation[];
  expire(now: number): Observation[];
};

/**
 * A message goes in as one batch for each reader and time of receipt in it. `settles`: what it says is on disk at once, so that the
 * next read of the tag may be taken quickly.
 */
export function arrayDoor(presence: Presence, settles = false): ArrayDoor {
  const said = ({
    observations,
    turn,
  }: {
    observations: readonly Observation[];
    turn: number;
  }): readonly Observation[] => {
    if (settles) presence.settled(turn);
    return observations;
  };
  return {
    ...presence,
    take: (reads, now, redelivered) =>
      parted(reads).flatMap((part) => [...said(presence.take(batchOf(part), now, redelivered))]),
    expire: (now) => {
      const out: Observation[] = [];
      for (let more = true; more; ) {
        const expired = presence.expire(now, 1_000);
        out.push(...said(expired));
        more = expired.more;
      }
      return out;
    },
  };
}

/** Runs of reads that came together. */
function parted(reads: readonly TagRead[]): TagRead[][] {
  const parts: TagRead[][] = [];
  for (const read of reads) {
    const last = parts.at(-1);
    const [first] = last ?? [];
    if (first !== undefined && first.reader === read.reader && first.receivedAt === read.receivedAt) last?.push(read);
    else parts.push([read]);
  }
  return parts;
}
