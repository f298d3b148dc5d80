import type { ByteProfile } from './byte-profile.ts';
import type { LineProfile } from './line-profile.ts';
import type { LlrpProfile } from './llrp-profile.ts';
import type { MessageProfile } from './message-profile.ts';

/** A firmware profile, checked. */
export type Profile = ByteProfile | LineProfile | MessageProfile | LlrpProfile;

/** The profiles that were loaded, by id. */
export type Profiles = {
  /** Throws NOT_FOUND when there is no such profile. */
  get(id: string): Profile;
  /** Sorted by id. */
  all(): readonly Profile[];
};
