import { crm } from './crm.ts';
import type { Follower, FollowerParts } from './follower.ts';
import { live } from './live.ts';
import type { FollowerStatus, OpenFollower } from './open-follower.ts';

/** Who hangs on the log: a file and a row for each. */
export const followers: readonly Follower[] = [crm, live];

/** All of them, opened. */
export type Followers = Omit<OpenFollower, 'pause' | 'resume'> & {
  /** One of them by the name of its row, or null. */
  get(name: string): OpenFollower | null;
};

/** Opens every row. Throws what the store throws. */
export function openFollowers(rows: readonly Follower[], parts: FollowerParts): Followers {
  const open = new Map(rows.map((row) => [row.name, row.open(parts)]));
  return {
    wake: () => {
      for (const follower of open.values()) follower.wake();
    },
    close: async () => {
      await Promise.all([...open.values()].map((follower) => follower.close()));
    },
    status: (): readonly FollowerStatus[] => [...open.values()].flatMap((follower) => follower.status()),
    get: (name) => open.get(name) ?? null,
  };
}
