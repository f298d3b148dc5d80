import type { CustomerEvent } from '../../customers/index.ts';
import type { Item, ItemEvent, StockDelta } from '../../inventory/index.ts';
import type { PresenceRow } from '../../presence/index.ts';
import type { Db } from '../connection.ts';
import { createDictionary } from '../dictionary.ts';
import { createFactWriter } from '../fact-writer.ts';
import { identityOf } from '../identity.ts';
import { createCarryItem, createItemWriter } from '../item-writer.ts';
import { createPresenceWriter } from '../presence-rows.ts';
import { dayOf, lineKey, linesOf, type StockWriter } from '../stock-writer.ts';

const rowsPerLook = 1000;

/** Carries the rows of schema 4 over to schema 5. The caller holds the transaction. */
export function carryLog(db: Db): void {
  carryItems(db);
  carryFacts(db);
  // events have written items as they were after each: the table says how they are now
  carryItems(db);
  carryPresences(db);
  carryStock(db);
}

type OldItem = Omit<Item, 'custody'> & { readonly n: number; readonly custody: string | null };

function carryItems(db: Db): void {
  const carry = createCarryItem(db, createDictionary(db));
  const old = db.prepare<[number, number], OldItem>(`
    SELECT n, id, hex, scheme, epc_uri AS epcUri, gtin, presence, absent_reason AS absentReason, read_point AS readPoint,
      location, previous_location AS previousLocation, place_since AS placeSince, place_source AS placeSource,
      place_confidence AS placeConfidence, lifecycle, lifecycle_reason AS lifecycleReason, owner, custody, condition, tag,
      bucket, service_count AS serviceCount, reader, antenna, rssi, first_seen_at AS firstSeenAt,
      last_seen_at AS lastSeenAt, as_of AS asOf
    FROM old_items WHERE n > ? ORDER BY n LIMIT ?`);
  for (const { n, custody, ...item } of pages(old, (row) => row.n))
    carry(n, { ...item, custody: custody === null ? null : (JSON.parse(custody) as Item['custody']) });
}

type OldFact = { readonly seq: number; readonly recordedAt: number; readonly event: string };

/**
 * The two logs become one in the order in which they were recorded. Events of items keep their numbers as far as no
 * customer's event comes between.
 */
function carryFacts(db: Db): void {
  const factsOf = (table: string) =>
    pages(
      db.prepare<[number, number], OldFact>(
        `SELECT seq, recorded_at AS recordedAt, event FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ?`,
      ),
      (row) => row.seq,
    );
  const facts = createFactWriter(db, createDictionary(db), createStockReplay(db));
  const [items, customers] = [factsOf('events'), factsOf('customer_events')];
  let [item, customer] = [items.next(), customers.next()];
  while (!item.done || !customer.done) {
    if (!item.done && (customer.done || item.value.recordedAt <= customer.value.recordedAt)) {
      facts.beginNew(item.value.recordedAt, item.value.seq);
      facts.item(JSON.parse(item.value.event) as ItemEvent);
      item = items.next();
    } else if (!customer.done) {
      facts.beginNew(customer.value.recordedAt, 1);
      facts.customer(JSON.parse(customer.value.event) as CustomerEvent);
      customer = customers.next();
    }
    facts.end();
  }
}

type Running = { readonly n: number; quantity: number; day: number };

/** Follows stock through the old log for the days’ sake alone: quantities are those of the old table. */
function createStockReplay(db: Db): StockWriter {
  const insert = db.prepare('INSERT INTO stock (gtin, location, bucket, quantity) VALUES (?, ?, ?, 0)');
  const keepDay = db.prepare('INSERT INTO stock_days (line, day, quantity, seq) VALUES (?, ?, ?, ?)');
  const changed = db.prepare('UPDATE stock SET day = ? WHERE n = ?');
  const lines = new Map<string, Running>();
  let [today, before] = [0, 0];
  const change = (delta: StockDelta): number => {
    const { gtin, location, bucket } = delta;
    const key = lineKey(delta);
    const line = lines.get(key) ?? {
      n: Number(insert.run(gtin, location, bucket).lastInsertRowid),
      quantity: 0,
      day: 0,
    };
    lines.set(key, line);
    if (line.day < today) {
      keepDay.run(line.n, today, line.quantity, before);
      changed.run(today, line.n);
      line.day = today;
    }
    line.quantity += delta.delta;
    return line.n;
  };
  return {
    begin: (now, seq) => {
      today = dayOf(now);
      before = seq;
    },
    lines: (deltas) => linesOf(deltas, change),
    end: () => undefined,
  };
}

function carryPresences(db: Db): void {
  const words = createDictionary(db);
  const presences = createPresenceWriter(db, words);
  const items = createItemWriter(db, words);
  const old = db.prepare<[string, string, number], PresenceRow>(`
    SELECT id, hex, read_point AS readPoint, state, reader, antenna, rssi, first_seen_at AS firstSeenAt,
      last_seen_at AS lastSeenAt, reads
    FROM old_presences WHERE (id, read_point) > (?, ?) ORDER BY id, read_point LIMIT ?`);
  let rows = old.all('', '', rowsPerLook);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    for (const row of rows) presences.put(row, items.find(identityOf(row.id))?.n ?? null);
    rows = old.all(last.id, last.readPoint, rowsPerLook);
  }
}

function carryStock(db: Db): void {
  db.exec(`
    UPDATE stock SET quantity = coalesce((SELECT o.quantity FROM old_stock o
      WHERE o.gtin = stock.gtin AND o.location = stock.location AND o.bucket = stock.bucket), 0);
    INSERT OR IGNORE INTO stock (gtin, location, bucket, quantity)
      SELECT gtin, location, bucket, quantity FROM old_stock`);
}

/** The rows of a query that takes the last key and a number of rows, a page at a time: between pages other statements may run. */
function* pages<Row>(
  query: { all(after: number, limit: number): Row[] },
  keyOf: (row: Row) => number,
): Generator<Row, undefined> {
  let rows = query.all(0, rowsPerLook);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield* rows;
    rows = query.all(keyOf(last), rowsPerLook);
  }
}
