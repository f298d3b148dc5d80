import type { Profile } from '../profiles/index.ts';
import type { ReaderOptions } from './options.ts';
import type { ReaderMemory } from './reader-memory.ts';
import type { StatusTracker } from './status-tracker.ts';
import type { Watched } from './supervision.ts';
import type { Reader } from './types.ts';

/** What supervision needs to know of a reader before it says anything. */
export function watchedOf(deps: { config: ReaderOptions; profile: Profile; memory?: ReaderMemory | null }): Watched {
  const { config, profile, memory = null } = deps;
  const mostPower = profile.kind === 'bytes' || profile.kind === 'lines' ? profile.power.maxDbm : null;
  return { config, mostPower, memory };
}

/** The part of every reader that only its tracker answers for. */
export function trackedBy({ outcome, warn, memory }: StatusTracker): Pick<Reader, 'count' | 'warned' | 'memory'> {
  return { count: outcome, warned: (code, by = 1) => warn(code, by), memory };
}
