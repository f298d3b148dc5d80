import type { Follower, FollowerParts } from './follower.ts';
import { createFollowing } from './following.ts';

/** A burst of commits is one look into the log. */
const gatherMs = 20;

/**
 * The live feed. Its place is that of who listens: from now on, or after the event that a client names when it comes back. Nothing is
 * read while nobody listens.
 */
export const live = {
  name: 'live',
  open: ({ facts, live: { heard, take }, clock, log }: Pick<FollowerParts, 'facts' | 'live' | 'clock' | 'log'>) => {
    const following = createFollowing({ name: 'live', facts, place: heard, take, clock, log, gatherMs });
    return { ...following, wake: () => (heard() === null ? undefined : following.wake()) };
  },
} satisfies Follower;
