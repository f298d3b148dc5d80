import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import type { Db } from './connection.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import type { Page, Product, StoredEvent } from './types.ts';

type EventRow = { readonly seq: number; readonly recordedAt: number; readonly event: string };

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
  lastSeq(): number;
};

export function createEventRows(db: Db): EventRows {
  const known = db.prepare<[string], number>('SELECT 1 FROM events WHERE id = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO events (id, item, recorded_at, cause, sku, name, event) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const insertCustomerEvent = db.prepare(
    'INSERT INTO customer_events (id, customer, recorded_at, event) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const cause = db
    .prepare<[string, string], number>(
      'SELECT 1 FROM events e JOIN items i ON i.n = e.item WHERE e.cause = ? AND i.id = ? LIMIT 1',
    )
    .pluck();
  const ofItem = db.prepare<[number, number, number], EventRow>(
    'SELECT seq, recorded_at AS recordedAt, event FROM events WHERE item = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const after = db.prepare<[number, number], EventRow>(
    'SELECT seq, recorded_at AS recordedAt, event FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const last = db.prepare<[], number | null>('SELECT max(seq) FROM events').pluck();
  return {
    has: (eventId) => known.get(eventId) !== undefined,
    add: (event, item, product, at) => {
      insert.run(event.id, item, at, event.cause, product?.sku ?? null, product?.name ?? null, JSON.stringify(event));
    },
    addCustomerEvent: (event, at) =>
      insertCustomerEvent.run(event.id, event.customer, at, JSON.stringify(event)).changes > 0,
    inputSeen: (inputId, itemId) => cause.get(inputId, itemId) !== undefined,
    history: (item, cursor, wished) => {
      const limit = pageSize(wished);
      const [before] = cursorKey(cursor, [Number.MAX_SAFE_INTEGER] as const);
      const page = pageOf(ofItem.all(item, before, limit + 1), limit, (row) => [row.seq]);
      return { rows: page.rows.map(fromRow), next: page.next };
    },
    after: (seq, limit) => after.all(seq, pageSize(limit)).map(fromRow),
    lastSeq: () => last.get() ?? 0,
  };
}

function fromRow(row: EventRow): StoredEvent {
  return { seq: row.seq, recordedAt: row.recordedAt, event: JSON.parse(row.event) as ItemEvent };
}
