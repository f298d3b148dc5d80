import { mkdirSync } from 'node:fs';
import type { CustomerEvent } from '../../../src/customers/index.ts';
import type { Item, ItemEvent, StockDelta } from '../../../src/inventory/index.ts';
import { type Db, openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import type { PresenceRow } from '../../../src/presence/index.ts';

/** A database of schema 4, and its rows as the program of that schema wrote them. */
export function openSchema4(folder: string, at: number) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = openDatabase(databaseFile(folder));
  migrate(db, migrations.slice(0, 4), at);
  return { db, event: createEvent(db), customerEvent: createCustomerEvent(db), presence: createPresence(db) };
}

function createItem(db: Db): (item: Item) => number {
  const find = db.prepare<[string], number>('SELECT n FROM items WHERE id = ?').pluck();
  const columns = `hex, scheme, epc_uri, gtin, presence, absent_reason, read_point, location, previous_location, place_since,
    place_source, place_confidence, lifecycle, lifecycle_reason, owner, custody, condition, tag, bucket, service_count,
    reader, antenna, rssi, first_seen_at, last_seen_at, as_of`;
  const put = db.prepare(`INSERT OR REPLACE INTO items (n, id, ${columns}) VALUES (${Array(28).fill('?').join(', ')})`);
  return ({ id, custody, ...rest }) => {
    const n = find.get(id) ?? null;
    const values = Object.entries({ ...rest, custody: null }).map(([name, value]) =>
      name === 'custody' ? (custody === null ? null : JSON.stringify(custody)) : value,
    );
    // the members stand in the order of the columns, but for custody, which was taken out and came back at the end
    const order = [...values.slice(0, 15), values.at(-1), ...values.slice(15, -1)];
    return Number(put.run(n, id, ...order).lastInsertRowid);
  };
}

function createEvent(db: Db): (event: ItemEvent, recordedAt: number) => void {
  const put = createItem(db);
  const insert = db.prepare('INSERT INTO events (id, item, recorded_at, cause, event) VALUES (?, ?, ?, ?, ?)');
  const add = db.prepare(`
    INSERT INTO stock (gtin, location, bucket, quantity) VALUES (@gtin, @location, @bucket, @delta)
    ON CONFLICT (gtin, location, bucket) DO UPDATE SET quantity = quantity + excluded.quantity`);
  const take = db.prepare(
    'UPDATE stock SET quantity = quantity - 1 WHERE gtin = @gtin AND location = @location AND bucket = @bucket',
  );
  return (event, recordedAt) => {
    db.pragma('foreign_keys = OFF');
    insert.run(event.id, put(event.item), recordedAt, event.cause, JSON.stringify(event));
    const change = (delta: StockDelta) => (delta.delta > 0 ? add.run(delta) : take.run({ ...delta }));
    for (const delta of event.stock) change(delta);
  };
}

function createCustomerEvent(db: Db): (event: CustomerEvent, recordedAt: number) => void {
  const insert = db.prepare('INSERT INTO customer_events (id, customer, recorded_at, event) VALUES (?, ?, ?, ?)');
  return (event, recordedAt) => void insert.run(event.id, event.customer, recordedAt, JSON.stringify(event));
}

function createPresence(db: Db): (row: PresenceRow) => void {
  const insert = db.prepare(`
    INSERT INTO presences (id, hex, read_point, state, reader, antenna, rssi, first_seen_at, last_seen_at, reads)
    VALUES (@id, @hex, @readPoint, @state, @reader, @antenna, @rssi, @firstSeenAt, @lastSeenAt, @reads)`);
  return (row) => void insert.run(row);
}
