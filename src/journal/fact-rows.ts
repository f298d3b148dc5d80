import type { CustomerEvent } from '../customers/index.ts';
import type { Bucket, ItemEvent, StockDelta } from '../inventory/index.ts';
import { createByteReader, damagedRow } from './bytes.ts';
import { chainSql } from './chain.ts';
import type { Db } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import { readCustomerEvent, readItemEvent } from './event-body.ts';
import { idFrom } from './event-id.ts';
import { kindNumbers } from './fact-writer.ts';
import { identityOf, idOf } from './identity.ts';
import { readItem } from './item-body.ts';
import { createLogEnd } from './log-end.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import type { Fact, FactCount, Page, StoredEvent } from './types.ts';

/** The log as it is read. */
export type FactRows = {
  /** Whether a business input with this id was applied to this item before. */
  inputSeen(inputId: string, itemId: string): boolean;
  /** Of one item, newest first. */
  history(id: string, cursor: string | null, limit: number): Page<StoredEvent>;
  after(seq: number, limit: number): StoredEvent[];
  facts(after: number, limit: number): Fact[];
  /** Facts after one number, up to and with the other, that are announced, by the type of their event. */
  count(after: number, through: number): FactCount[];
  lastSeq(): number;
};

type FactRow = {
  readonly seq: number;
  readonly kind: number;
  readonly type: number;
  readonly announce: number;
  readonly recordedAt: number;
  readonly id: Buffer | string;
  readonly cause: string | null;
  readonly body: Buffer;
  readonly class: number | null;
  readonly serial: string | null;
  readonly customer: string | null;
  readonly minusGtin: string | null;
  readonly minusLocation: string | null;
  readonly minusBucket: string | null;
  readonly plusGtin: string | null;
  readonly plusLocation: string | null;
  readonly plusBucket: string | null;
};

const selected = `l.seq, l.kind, l.type, l.announce, l.recorded_at AS recordedAt, l.id, l.cause, l.body, i.class, i.serial, c.customer,
  m.gtin AS minusGtin, m.location AS minusLocation, m.bucket AS minusBucket,
  p.gtin AS plusGtin, p.location AS plusLocation, p.bucket AS plusBucket`;
const joined = `LEFT JOIN items i ON i.n = l.subject LEFT JOIN log_customers c ON c.n = -l.subject
  LEFT JOIN stock m ON m.n = l.minus LEFT JOIN stock p ON p.n = l.plus`;

export function createFactRows(db: Db, words: Dictionary): FactRows {
  const after = db.prepare<[number, number], FactRow>(
    `SELECT ${selected} FROM log l ${joined} WHERE l.seq > ? ORDER BY l.seq LIMIT ?`,
  );
  const itemsAfter = db.prepare<[number, number], FactRow>(
    `SELECT ${selected} FROM log l ${joined} WHERE l.seq > ? AND l.kind = ${kindNumbers.item} ORDER BY l.seq LIMIT ?`,
  );
  const read = createFactReader(words);
  return {
    inputSeen: createInputSeen(db),
    history: createHistory(db, read.stored),
    after: (seq, limit) => itemsAfter.all(seq, pageSize(limit)).map(read.stored),
    facts: (seq, limit) => after.all(seq, pageSize(limit)).map(read.fact),
    count: createCount(db),
    lastSeq: createLogEnd(db).lastSeq,
  };
}

function createInputSeen(db: Db): FactRows['inputSeen'] {
  const known = db
    .prepare<[string, number, string], number>(
      'SELECT 1 FROM log WHERE cause = ? AND subject = (SELECT n FROM items WHERE class = ? AND serial = ?)',
    )
    .pluck();
  return (inputId, itemId) => {
    const { class: of, serial } = identityOf(itemId);
    return known.get(inputId, of, serial) !== undefined;
  };
}

function createCount(db: Db): FactRows['count'] {
  const count = db.prepare<[number, number], FactCount>(`
    SELECT w.word AS type, c.count, c.first FROM (
      SELECT type, count(*) AS count, min(seq) AS first FROM log WHERE seq > ? AND seq <= ? AND announce = 1 GROUP BY type) c
    JOIN words w ON w.n = c.type`);
  return (after, through) => count.all(after, through);
}

/** An item’s lines are a chain from its newest to the oldest that is kept; the cursor is the last line shown. */
function createHistory(db: Db, stored: (row: FactRow) => StoredEvent): FactRows['history'] {
  const item = db.prepare<[number, string], { n: number; last: number }>(
    'SELECT n, last FROM items WHERE class = ? AND serial = ?',
  );
  const previous = db
    .prepare<[number, number], number | null>('SELECT previous FROM log WHERE seq = ? AND subject = ?')
    .pluck();
  const chain = db.prepare<[number, number], FactRow>(`
    ${chainSql('?', '?')}
    SELECT ${selected} FROM chain CROSS JOIN log l ON l.seq = chain.seq ${joined} ORDER BY l.seq DESC`);
  return (id, cursor, wished) => {
    const limit = pageSize(wished);
    const [before] = cursorKey(cursor, [0] as const);
    const { class: of, serial } = identityOf(id);
    const found = item.get(of, serial);
    if (found === undefined) return { rows: [], next: null };
    const first = cursor === null ? found.last : previous.get(before, found.n);
    const rows = first === undefined || first === null ? [] : chain.all(first, limit + 1);
    const page = pageOf(rows, limit, (row) => [row.seq]);
    return { rows: page.rows.map(stored), next: page.next };
  };
}

type FactReader = { stored(row: FactRow): StoredEvent; fact(row: FactRow): Fact };

function createFactReader(words: Dictionary): FactReader {
  const itemEvent = (row: FactRow): ItemEvent => {
    if (row.class === null || row.serial === null) throw damagedRow();
    const from = createByteReader(row.body);
    const identity = { class: row.class, serial: row.serial };
    const item = readItem(from, words, identity, idOf(identity));
    return readItemEvent(from, words, {
      id: idFrom(row.id),
      type: words.word(row.type) as ItemEvent['type'],
      announce: row.announce === 1,
      cause: row.cause,
      item,
      stock: deltasOf(row),
    });
  };
  const customerEvent = (row: FactRow): CustomerEvent => {
    if (row.customer === null) throw damagedRow();
    const type = words.word(row.type) as CustomerEvent['type'];
    return readCustomerEvent(createByteReader(row.body), words, { id: idFrom(row.id), type, customer: row.customer });
  };
  return {
    stored: (row) => ({ seq: row.seq, recordedAt: row.recordedAt, event: itemEvent(row) }),
    fact: (row) => {
      const { seq, recordedAt } = row;
      if (row.kind === kindNumbers.item) return { seq, recordedAt, kind: 'item', event: itemEvent(row) };
      if (row.kind === kindNumbers.customer) return { seq, recordedAt, kind: 'customer', event: customerEvent(row) };
      throw damagedRow();
    },
  };
}

function deltasOf(row: FactRow): StockDelta[] {
  const deltas: StockDelta[] = [];
  if (row.minusGtin !== null) deltas.push(deltaOf(row.minusGtin, row.minusLocation, row.minusBucket, -1));
  if (row.plusGtin !== null) deltas.push(deltaOf(row.plusGtin, row.plusLocation, row.plusBucket, 1));
  return deltas;
}

function deltaOf(gtin: string, location: string | null, bucket: string | null, delta: 1 | -1): StockDelta {
  return { gtin, location: location ?? '', bucket: (bucket ?? '') as Bucket, delta };
}
