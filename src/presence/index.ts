export { presenceMemory } from './memory-bound.ts';
export { bytesOf, MemoryOptions } from './memory-options.ts';
export type { Observation } from './observation.ts';
export { createPresence, type LastSeen, type Presence } from './presence.ts';
export { type LocationKind, locationKinds, type ReadPoint, type ReadPointKind, readPointKinds } from './read-point.ts';
export type { PresenceRow, SeenRow } from './rows.ts';
export type { Taken } from './taking.ts';
