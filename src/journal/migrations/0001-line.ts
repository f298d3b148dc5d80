import type { Migration } from './migration.ts';

/**
 * The first schema: everything the line needs. Times are epoch ms. Items are keyed by a dense number in order of arrival;
 * no column that changes on a read or a move is indexed.
 */
export const line: Migration = {
  version: 1,
  name: 'line',
  sql: `
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hex TEXT NOT NULL,
  scheme TEXT NOT NULL,
  epc_uri TEXT,
  gtin TEXT,
  presence TEXT NOT NULL,
  absent_reason TEXT,
  read_point TEXT,
  location TEXT,
  previous_location TEXT,
  place_since INTEGER,
  place_source TEXT,
  place_confidence REAL,
  lifecycle TEXT NOT NULL,
  lifecycle_reason TEXT,
  owner TEXT NOT NULL,
  custody TEXT,
  condition TEXT NOT NULL,
  tag TEXT NOT NULL,
  bucket TEXT,
  service_count INTEGER NOT NULL,
  reader TEXT,
  antenna INTEGER,
  rssi REAL,
  first_seen_at INTEGER,
  last_seen_at INTEGER,
  as_of INTEGER NOT NULL
) STRICT;
CREATE INDEX items_gtin ON items (gtin) WHERE gtin IS NOT NULL;

CREATE TABLE presences (
  id TEXT NOT NULL,
  read_point TEXT NOT NULL,
  hex TEXT NOT NULL,
  state TEXT NOT NULL,
  reader TEXT NOT NULL,
  antenna INTEGER,
  rssi REAL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  reads INTEGER NOT NULL,
  PRIMARY KEY (id, read_point)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock (
  gtin TEXT NOT NULL,
  location TEXT NOT NULL,
  bucket TEXT NOT NULL,
  quantity INTEGER NOT NULL CONSTRAINT stock_not_negative CHECK (quantity >= 0),
  PRIMARY KEY (gtin, location, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  item INTEGER NOT NULL REFERENCES items (n),
  recorded_at INTEGER NOT NULL,
  cause TEXT,
  sku TEXT,
  name TEXT,
  event TEXT NOT NULL
) STRICT;
CREATE INDEX events_item ON events (item, seq);
CREATE INDEX events_cause ON events (cause) WHERE cause IS NOT NULL;

CREATE TABLE products (
  n INTEGER PRIMARY KEY,
  gtin TEXT NOT NULL UNIQUE,
  sku TEXT,
  name TEXT,
  search TEXT NOT NULL
) STRICT;
CREATE INDEX products_sku ON products (sku) WHERE sku IS NOT NULL;
CREATE VIRTUAL TABLE products_text USING fts5 (search, content = 'products', content_rowid = 'n', tokenize = 'trigram');
CREATE TRIGGER products_added AFTER INSERT ON products BEGIN
  INSERT INTO products_text (rowid, search) VALUES (new.n, new.search);
END;
CREATE TRIGGER products_changed AFTER UPDATE OF search ON products BEGIN
  INSERT INTO products_text (products_text, rowid, search) VALUES ('delete', old.n, old.search);
  INSERT INTO products_text (rowid, search) VALUES (new.n, new.search);
END;

CREATE TABLE customers (
  customer TEXT PRIMARY KEY,
  given INTEGER NOT NULL,
  text_version TEXT,
  at INTEGER NOT NULL,
  source TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE customer_tokens (
  hash TEXT PRIMARY KEY,
  customer TEXT NOT NULL REFERENCES customers (customer) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_tokens_customer ON customer_tokens (customer);
CREATE TABLE customer_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  customer TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  event TEXT NOT NULL
) STRICT;
CREATE INDEX customer_events_customer ON customer_events (customer);

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- what is told to destinations: the text once, however many destinations wait for it
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  lane TEXT NOT NULL,
  at INTEGER NOT NULL,
  customer TEXT,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX messages_customer ON messages (customer) WHERE customer IS NOT NULL;

-- place: 0 behind an earlier one of its lane, 1 first and free to go, 2 first and parked until next_at
CREATE TABLE outbox (
  destination TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES messages (seq),
  lane TEXT NOT NULL,
  place INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (destination, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_message ON outbox (seq);
CREATE INDEX outbox_lane ON outbox (destination, lane, seq);
CREATE INDEX outbox_free ON outbox (destination, seq) WHERE place = 1;
CREATE INDEX outbox_parked ON outbox (destination, next_at) WHERE place = 2;

CREATE TABLE dead_letters (
  destination TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES messages (seq),
  attempts INTEGER NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  died_at INTEGER NOT NULL,
  PRIMARY KEY (destination, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letters_message ON dead_letters (seq);

CREATE TABLE destination_counts (
  destination TEXT PRIMARY KEY,
  waiting INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbox_added AFTER INSERT ON outbox BEGIN
  INSERT INTO destination_counts (destination, waiting) VALUES (new.destination, 1)
    ON CONFLICT (destination) DO UPDATE SET waiting = waiting + 1;
END;
CREATE TRIGGER outbox_removed AFTER DELETE ON outbox BEGIN
  UPDATE destination_counts SET waiting = waiting - 1 WHERE destination = old.destination;
END;
CREATE TRIGGER dead_letters_added AFTER INSERT ON dead_letters BEGIN
  INSERT INTO destination_counts (destination, dead) VALUES (new.destination, 1)
    ON CONFLICT (destination) DO UPDATE SET dead = dead + 1;
END;
CREATE TRIGGER dead_letters_removed AFTER DELETE ON dead_letters BEGIN
  UPDATE destination_counts SET dead = dead - 1 WHERE destination = old.destination;
END;

CREATE TABLE destination_states (
  destination TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  failures INTEGER NOT NULL,
  next_at INTEGER,
  last_error TEXT,
  last_success_at INTEGER,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
