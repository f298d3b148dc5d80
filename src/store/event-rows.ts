import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import type { Db } from './connection.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import type { Fact, FactCount, Page, Product, StoredEvent } from './types.ts';

type EventRow = { readonly seq: number; readonly recordedAt: number; readonly event: string };

type FactRow = EventRow & { readonly kind: Fact['kind'] };

export type EventRows = {
  has(eventId: string): boolean;
  /** Appends to the log, with the product's names as they are now. */
  add(event: ItemEvent, item: number, product: Product | null, recordedAt: number): void;
  /** Appends unless the id is there already; tells whether it did. */
  addCustomerEvent(event: CustomerEvent, recordedAt: number): boolean;
  inputSeen(inputId: string, itemId: string): boolean;
  /** Newest first. */
  history(item: number, cursor: string | null, limit: number): Page<StoredEvent>;
  after(seq: number, limit: number): StoredEvent[];
  facts(after: number, limit: number): Fact[];
  count(after: number, through: number): FactCount[];
  lastSeq(): number;
};

export function createEventRows(db: Db): EventRows {
  const known = db.prepare<[string], number>('SELECT 1 FROM events WHERE id = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO events (seq, id, item, recorded_at, cause, sku, name, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertCustomerEvent = db.prepare(
    'INSERT INTO customer_events (seq, id, customer, recorded_at, event) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const ofItem = db.prepare<[number, number, number], EventRow>(
    'SELECT seq, recorded_at AS recordedAt, event FROM events WHERE item = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const after = db.prepare<[number, number], EventRow>(
    'SELECT seq, recorded_at AS recordedAt, event FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const lastSeq = createLastSeq(db);
  return {
    has: (eventId) => known.get(eventId) !== undefined,
    add: (event, item, product, at) => {
      insert.run(
        lastSeq() + 1,
        event.id,
        item,
        at,
        event.cause,
        product?.sku ?? null,
        product?.name ?? null,
        JSON.stringify(event),
      );
    },
    addCustomerEvent: (event, at) =>
      insertCustomerEvent.run(lastSeq() + 1, event.id, event.customer, at, JSON.stringify(event)).changes > 0,
    inputSeen: createInputSeen(db),
    history: (item, cursor, wished) => {
      const limit = pageSize(wished);
      const [before] = cursorKey(cursor, [Number.MAX_SAFE_INTEGER] as const);
      const page = pageOf(ofItem.all(item, before, limit + 1), limit, (row) => [row.seq]);
      return { rows: page.rows.map(fromRow), next: page.next };
    },
    after: (seq, limit) => after.all(seq, pageSize(limit)).map(fromRow),
    facts: createFacts(db),
    count: createCount(db),
    lastSeq,
  };
}

function fromRow(row: EventRow): StoredEvent {
  return { seq: row.seq, recordedAt: row.recordedAt, event: JSON.parse(row.event) as ItemEvent };
}

function createFacts(db: Db): EventRows['facts'] {
  const facts = db.prepare<Record<string, number>, FactRow>(`
    SELECT * FROM (SELECT seq, recorded_at AS recordedAt, 'item' AS kind, event FROM events
      WHERE seq > @seq ORDER BY seq LIMIT @limit)
    UNION ALL SELECT * FROM (SELECT seq, recorded_at AS recordedAt, 'customer' AS kind, event FROM customer_events
      WHERE seq > @seq ORDER BY seq LIMIT @limit)
    ORDER BY seq LIMIT @limit`);
  return (seq, limit) =>
    facts.all({ seq, limit: pageSize(limit) }).map((row) => ({ ...row, event: JSON.parse(row.event) }) as Fact);
}

function createCount(db: Db): EventRows['count'] {
  const counted = (table: string, wanted: string) => `
    SELECT json_extract(event, '$.type') AS type, count(*) AS count, min(seq) AS first FROM ${table}
    WHERE seq > @after AND seq <= @through ${wanted} GROUP BY 1`;
  const count = db.prepare<Record<string, number>, FactCount>(
    `${counted('events', "AND json_extract(event, '$.announce')")} UNION ALL ${counted('customer_events', '')}`,
  );
  return (after, through) => count.all({ after, through });
}

function createInputSeen(db: Db): EventRows['inputSeen'] {
  const cause = db
    .prepare<[string, string], number>(
      'SELECT 1 FROM events e JOIN items i ON i.n = e.item WHERE e.cause = ? AND i.id = ? LIMIT 1',
    )
    .pluck();
  return (inputId, itemId) => cause.get(inputId, itemId) !== undefined;
}

/** SQLite keeps the highest number of each table, also of rows that are gone. */
function createLastSeq(db: Db): () => number {
  const last = db
    .prepare<[], number | null>("SELECT max(seq) FROM sqlite_sequence WHERE name IN ('events', 'customer_events')")
    .pluck();
  return () => last.get() ?? 0;
}
