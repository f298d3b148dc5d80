import type { Observation, PresenceRow, SeenRow } from '../presence/index.ts';
import type { Db } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import { hexColumn, hexFrom } from './hex-column.ts';
import { identityOf, idOf } from './identity.ts';
import { cursorKey, cursorOf, pageOf } from './pages.ts';
import type { Page } from './types.ts';

/**
 * What is at which read point. An item's rows stand under its number; those of a tag that is no item, or none yet, under its
 * identity (`strangers`), until it is read again as an item.
 */
export type PresenceRows = {
  all(): PresenceRow[];
  /** Those read since the start's `sightsBefore`, in slices: those of items, some hundred items at a time, then the others. */
  page(cursor: string | null): Page<PresenceRow>;
  /** How many rows `page` gives. */
  count(): number;
  of(ids: readonly string[]): PresenceRow[];
};

export type PresenceWriter = {
  /**
   * Follows one observation: glimpsed and arrived are written, departed and stray taken away. `item` is the item's number,
   * or null where the tag is none. The caller holds a transaction.
   */
  follow(observation: Observation, item: number | null): void;
  put(row: PresenceRow, item: number | null): void;
  /** Updates rows that are still there; the caller holds the transaction. */
  seen(rows: readonly SeenRow[]): void;
};

/** As the columns stand below: an array, since many are read at the start. */
type Row = readonly [
  of: number,
  serial: string,
  hex: Buffer | string,
  readPoint: number,
  present: number,
  reader: number,
  antenna: number | null,
  rssi: number | null,
  firstSeenAt: number,
  lastSeenAt: number,
  reads: number,
];

const columns = 'hex, p.read_point, present, reader, antenna, rssi, p.first_seen_at, p.last_seen_at, reads';
const ofItems = `SELECT i.class, i.serial, ${columns} FROM presences p JOIN items i ON i.n = p.item`;
const ofStrangers = `SELECT class, serial, ${columns} FROM strangers p`;

/** `sightsBefore`: see `WriterOptions`. */
export function createPresenceRows(db: Db, words: Dictionary, sightsBefore: number | null): PresenceRows {
  const since = sightsBefore ?? Number.MIN_SAFE_INTEGER;
  const all = db.prepare<[], Row>(`${ofItems} UNION ALL ${ofStrangers}`).raw();
  const count = db
    .prepare<object, number>(
      `SELECT (SELECT count(*) FROM presences WHERE last_seen_at >= @since)
        + (SELECT count(*) FROM strangers WHERE last_seen_at >= @since)`,
    )
    .pluck();
  const where = 'WHERE class = @class AND serial = @serial';
  const ofOne = db.prepare<object, Row>(`${ofItems} ${where} UNION ALL ${ofStrangers} ${where}`).raw();
  const fromRow = ([of, serial, hex, readPoint, present, reader, antenna, rssi, ...rest]: Row): PresenceRow => {
    const [firstSeenAt, lastSeenAt, reads] = rest;
    return {
      id: idOf({ class: of, serial }),
      hex: hexFrom(hex),
      readPoint: words.word(readPoint),
      state: present === 1 ? 'PRESENT' : 'GLIMPSED',
      reader: words.word(reader),
      antenna,
      rssi,
      firstSeenAt,
      lastSeenAt,
      reads,
    };
  };
  return {
    all: () => all.all().map(fromRow),
    page: createPage(db, fromRow, since),
    count: () => count.get({ since }) ?? 0,
    of: (ids) => ids.flatMap((id) => ofOne.all(identityOf(id)).map(fromRow)),
  };
}

/** So many items, or so many rows of tags that are none, are looked at in one slice. */
const itemsPerSlice = 300;
const rowsPerSlice = 300;

function createPage(
  db: Db,
  fromRow: (row: Row) => PresenceRow,
  since: number,
): (cursor: string | null) => Page<PresenceRow> {
  const newest = db.prepare<[], number | null>('SELECT max(item) FROM presences').pluck();
  const ofSome = db
    .prepare<[number, number, number], Row>(`${ofItems} WHERE p.item > ? AND p.item <= ? AND p.last_seen_at >= ?`)
    .raw();
  const strangers = db
    .prepare<[number, string, number, number, number], Row>(`
      ${ofStrangers} WHERE (class, serial, read_point) > (?, ?, ?) AND last_seen_at >= ?
      ORDER BY class, serial, read_point LIMIT ?`)
    .raw();
  return (cursor) => {
    const [part, after, serial, readPoint] = cursorKey(cursor, [0, 0, '', 0] as const);
    if (part === 0) {
      const to = after + itemsPerSlice;
      const next = to < (newest.get() ?? 0) ? [0, to, '', 0] : [1, -1, '', 0];
      return { rows: ofSome.all(after, to, since).map(fromRow), next: cursorOf(next) };
    }
    const rows = strangers.all(after, serial, readPoint, since, rowsPerSlice + 1);
    const page = pageOf(rows, rowsPerSlice, ([of, name, , place]) => [1, of, name, place]);
    return { rows: page.rows.map(fromRow), next: page.next };
  };
}

export function createPresenceWriter(db: Db, words: Dictionary): PresenceWriter {
  const put = createPut(db, words);
  const removeOf = db.prepare('DELETE FROM presences WHERE item = ? AND read_point = ?');
  const removeStranger = createRemoveStranger(db);
  return {
    put: (row, item) => put(row, row.state === 'PRESENT' ? 1 : 0, item),
    follow: (observation, item) => {
      const { change } = observation;
      const isHere = change === 'arrived' || change === 'glimpsed';
      if (isHere) put(observation, change === 'arrived' ? 1 : 0, item);
      const readPoint = words.number(observation.readPoint);
      // what was read before it was an item
      if (item !== null || !isHere) removeStranger(observation.id, readPoint);
      if (item !== null && !isHere) removeOf.run(item, readPoint);
    },
    seen: createSeen(db, words),
  };
}

function createRemoveStranger(db: Db): (id: string, readPoint: number) => void {
  const remove = db.prepare('DELETE FROM strangers WHERE class = ? AND serial = ? AND read_point = ?');
  return (id, readPoint) => {
    const { class: of, serial } = identityOf(id);
    remove.run(of, serial, readPoint);
  };
}

function createPut(db: Db, words: Dictionary) {
  const rest = 'read_point, hex, present, reader, antenna, rssi, first_seen_at, last_seen_at, reads';
  const ofItem = db.prepare(`INSERT OR REPLACE INTO presences (item, ${rest}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const ofStranger = db.prepare(
    `INSERT OR REPLACE INTO strangers (class, serial, ${rest}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (row: Omit<PresenceRow, 'state'>, present: 0 | 1, item: number | null): void => {
    const { antenna, rssi, firstSeenAt, lastSeenAt, reads } = row;
    const readPoint = words.number(row.readPoint);
    const reader = words.number(row.reader);
    const hex = hexColumn(row.hex);
    if (item !== null) {
      ofItem.run(item, readPoint, hex, present, reader, antenna, rssi, firstSeenAt, lastSeenAt, reads);
      return;
    }
    const { class: of, serial } = identityOf(row.id);
    ofStranger.run(of, serial, readPoint, hex, present, reader, antenna, rssi, firstSeenAt, lastSeenAt, reads);
  };
}

function createSeen(db: Db, words: Dictionary): PresenceWriter['seen'] {
  const set = 'SET last_seen_at = max(last_seen_at, @at), reads = @reads, rssi = @rssi WHERE read_point = @place AND';
  const item = db.prepare<[number, string], number>('SELECT n FROM items WHERE class = ? AND serial = ?').pluck();
  const ofItem = db.prepare(`UPDATE presences ${set} item = @n`);
  const ofStranger = db.prepare(`UPDATE strangers ${set} class = @of AND serial = @serial`);
  const touch = db.prepare('UPDATE items SET last_seen_at = ? WHERE n = ? AND coalesce(last_seen_at, 0) < ?');
  return (rows) => {
    for (const { id, readPoint, lastSeenAt: at, reads, rssi } of rows) {
      const { class: of, serial } = identityOf(id);
      const n = item.get(of, serial);
      const place = words.known(readPoint);
      if (n !== undefined) touch.run(at, n, at);
      if (place === null) continue;
      if (n === undefined || ofItem.run({ at, reads, rssi, place, n }).changes === 0)
        ofStranger.run({ at, reads, rssi, place, of, serial });
    }
  };
}
