import type { Migration } from './migration.ts';

/**
 * Tokens of erased persons, as keyed hashes: what is read of them is withheld from then on. The index finds the few items
 * that may be a person's card without a look at all the others; `gtin` never changes, so no read writes to it.
 */
export const erasedTokens: Migration = {
  version: 2,
  name: 'erased-tokens',
  sql: `
CREATE TABLE erased_tokens (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE INDEX items_without_gtin ON items (id) WHERE gtin IS NULL;
`,
};
