export { type Decoded, openDecoder, type ProfileDecoder, replayCaptures } from './decoder.ts';
export { loadProfiles } from './load.ts';
export type { Profile, Profiles } from './profile.ts';
