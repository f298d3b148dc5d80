export type { DestinationStatus } from './status.ts';
