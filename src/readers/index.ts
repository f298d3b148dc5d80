export { ReaderOptions } from './options.ts';
export { loadProfiles } from './profile/load.ts';
export { type Decoded, openDecoder, replayCaptures } from './profile-decoder.ts';
export { openReader } from './reader.ts';
export { readerProblems } from './reader-rules.ts';
export type { Noise, SimulatedTag, Simulator } from './simulators/simulator.ts';
export { type SimulatorLink, startSimulator } from './simulators/start.ts';
export type { ReaderStatus } from './status.ts';
export type { OnReads, Profile, Profiles, Reader } from './types.ts';
