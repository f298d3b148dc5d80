import type { Migration } from './migration.ts';

/**
 * What a key opens (`http`: the API, `mqtt`: the embedded broker) and the readers that it is bound to, as a JSON list;
 * empty: bound to none. Keys from before are of the API and unbound.
 */
export const keyReaders: Migration = {
  version: 3,
  name: 'key-readers',
  sql: `
ALTER TABLE api_keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'http' CHECK (kind IN ('http', 'mqtt'));
ALTER TABLE api_keys ADD COLUMN readers TEXT NOT NULL DEFAULT '[]';
`,
};
