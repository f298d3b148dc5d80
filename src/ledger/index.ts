export type { Change } from './change.ts';
export { createLedger, type Ledger } from './ledger.ts';
export type { Decision } from './sighting.ts';
