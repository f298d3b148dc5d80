import type { ByteProfile, LineProfile, LlrpProfile, MessageProfile } from '../protocols/index.ts';

/** A firmware profile, checked. */
export type Profile = ByteProfile | LineProfile | MessageProfile | LlrpProfile;

/** The profiles that were loaded, by id. */
export type Profiles = {
  /** Throws NOT_FOUND when there is no such profile. */
  get(id: string): Profile;
  /** Sorted by id. */
  all(): readonly Profile[];
};
