import type { Migration } from './migration.ts';

/** How far each follower of the log has come. */
export const log: Migration = {
  version: 5,
  name: 'log',
  sql: `
CREATE TABLE cursors (follower TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
};
