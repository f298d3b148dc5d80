export type { Observation } from './observation.ts';
export { type LocationKind, locationKinds, type ReadPoint, type ReadPointKind, readPointKinds } from './read-point.ts';
