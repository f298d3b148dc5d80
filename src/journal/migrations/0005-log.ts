import { carryLog } from './carry-log.ts';
import type { Migration } from './migration.ts';

/**
 * One log with one sequence for facts of every kind, in compact rows. `words` are the names that rows hold as numbers
 * (src/journal/dictionary.ts); a `body` is src/journal/item-body.ts, in the log followed by src/journal/event-body.ts. An identity is a
 * GTIN as a number and a serial, or 0 and the whole identity (src/journal/identity.ts).
 */
export const log: Migration = {
  version: 5,
  name: 'log',
  sql: `
DROP INDEX items_gtin;
DROP INDEX items_without_gtin;
ALTER TABLE items RENAME TO old_items;
ALTER TABLE presences RENAME TO old_presences;
ALTER TABLE stock RENAME TO old_stock;

CREATE TABLE words (n INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL UNIQUE) STRICT;

-- last: the item's newest line of the log, which may have been pruned since
CREATE TABLE items (
  n INTEGER PRIMARY KEY,
  class INTEGER NOT NULL,
  serial TEXT NOT NULL,
  gtin INTEGER,
  location INTEGER,
  lifecycle INTEGER NOT NULL,
  bucket INTEGER,
  last INTEGER NOT NULL,
  last_seen_at INTEGER,
  body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX items_identity ON items (class, serial);
-- trade items whose identity does not begin with their GTIN: those of private schemes
CREATE INDEX items_other_gtin ON items (gtin, class, serial) WHERE gtin <> class;
CREATE INDEX items_without_gtin ON items (class, serial) WHERE gtin IS NULL;

-- item: the number of the item, so that what comes together stands together
CREATE TABLE presences (
  item INTEGER NOT NULL,
  read_point INTEGER NOT NULL,
  hex ANY NOT NULL,
  present INTEGER NOT NULL,
  reader INTEGER NOT NULL,
  antenna INTEGER,
  rssi REAL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  reads INTEGER NOT NULL,
  PRIMARY KEY (item, read_point)
) STRICT, WITHOUT ROWID;

-- the same of tags that are no items: glimpsed for the first time, tokens of persons, what the adopt rule leaves out
CREATE TABLE strangers (
  class INTEGER NOT NULL,
  serial TEXT NOT NULL,
  read_point INTEGER NOT NULL,
  hex ANY NOT NULL,
  present INTEGER NOT NULL,
  reader INTEGER NOT NULL,
  antenna INTEGER,
  rssi REAL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  reads INTEGER NOT NULL,
  PRIMARY KEY (class, serial, read_point)
) STRICT, WITHOUT ROWID;

-- base: what events that were pruned had made of it; day: on which it last changed, in days since 1970 (UTC)
CREATE TABLE stock (
  n INTEGER PRIMARY KEY,
  gtin TEXT NOT NULL,
  location TEXT NOT NULL,
  bucket TEXT NOT NULL,
  quantity INTEGER NOT NULL CONSTRAINT stock_not_negative CHECK (quantity >= 0),
  base INTEGER NOT NULL DEFAULT 0,
  day INTEGER NOT NULL DEFAULT 0,
  UNIQUE (gtin, location, bucket)
) STRICT;

-- the quantity of a stock line when the day began, for days on which it changed; seq: the last line of the log before
CREATE TABLE stock_days (
  line INTEGER NOT NULL,
  day INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (line, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_days_day ON stock_days (day, seq);

-- kind: 1 item, 2 customer; subject: number of the item or of the person in log_customers; previous: the subject's line before;
-- announce: whether destinations hear of it; minus, plus: the stock lines that lose and win one
CREATE TABLE log (
  seq INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  type INTEGER NOT NULL,
  announce INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  id ANY NOT NULL,
  cause TEXT,
  previous INTEGER,
  minus INTEGER,
  plus INTEGER,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX log_cause ON log (cause, subject) WHERE cause IS NOT NULL;

-- persons as the log knows them, by a number that is never given again; it is negative, so no item has it
CREATE TABLE log_customers (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  customer TEXT NOT NULL UNIQUE,
  last INTEGER NOT NULL
) STRICT;

CREATE TABLE cursors (follower TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
  carry: carryLog,
  rest: `
DROP TABLE events;
DROP TABLE customer_events;
DROP TABLE old_items;
DROP TABLE old_presences;
DROP TABLE old_stock;
`,
};
