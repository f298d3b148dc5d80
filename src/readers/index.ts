export {
  type Decoded,
  decodeWithProfile,
  openDecoder,
  type ProfileDecoder,
  type ReplayedCapture,
  replayCaptures,
} from './decode-with-profile.ts';
export { ReaderOptions } from './options.ts';
export { loadProfiles } from './profile/load.ts';
export { openReader, type ReaderDeps } from './reader.ts';
export { readerProblems } from './reader-rules.ts';
export type { Noise, SimulatedTag, Simulator } from './simulators/simulator.ts';
export { type SimulatorLink, type SimulatorOptions, startSimulator } from './simulators/start.ts';
export type { AntennaStatus, ReaderStatus } from './status.ts';
export type { MessageChannel, OnReads, Profile, Profiles, Reader } from './types.ts';
