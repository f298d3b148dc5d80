import type { Migration } from './migration.ts';

/** Staff sessions, so that they outlive the process. Of the token only its hash is here, and of the key that opened it. */
export const sessions: Migration = {
  version: 4,
  name: 'sessions',
  sql: `
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  key_hash TEXT,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
