import type { Migration } from './migration.ts';

/** What followers keep for themselves. */
export const followers: Migration = {
  version: 6,
  name: 'followers',
  sql: `
CREATE TABLE follower_rows (
  follower TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (follower, key)
) STRICT, WITHOUT ROWID;
`,
};
