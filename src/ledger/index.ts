export type { Change } from './change.ts';
export { createLedger, type InputDecision, type InputDraft, type Ledger, type LookUps, type Sights } from './ledger.ts';
export type { KnownPeople } from './people.ts';
export { numbered } from './presence-turns.ts';
export type { Decision } from './sighting.ts';
