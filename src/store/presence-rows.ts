import type { Observation, PresenceRow, SeenRow } from '../presence/index.ts';
import type { Db } from './connection.ts';
import { hexColumn, hexFrom } from './hex-column.ts';
import { identityOf, idOf } from './identity.ts';
import type { Words } from './words.ts';

/**
 * What is at which read point. An item's rows stand under its number; those of a tag that is no item, or none yet, under its
 * identity (`strangers`), until it is read again as an item.
 */
export type PresenceRows = {
  all(): PresenceRow[];
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

type Row = Omit<PresenceRow, 'id' | 'hex' | 'readPoint' | 'state' | 'reader'> & {
  readonly class: number;
  readonly serial: string;
  readonly hex: Buffer | string;
  readonly readPoint: number;
  readonly present: number;
  readonly reader: number;
};

const columns = `hex, read_point AS readPoint, present, reader, antenna, rssi,
  first_seen_at AS firstSeenAt, p.last_seen_at AS lastSeenAt, reads`;
const ofItems = `SELECT i.class, i.serial, ${columns} FROM presences p JOIN items i ON i.n = p.item`;
const ofStrangers = `SELECT class, serial, ${columns} FROM strangers p`;

export function createPresenceRows(db: Db, words: Words): PresenceRows {
  const all = db.prepare<[], Row>(`${ofItems} UNION ALL ${ofStrangers}`);
  const count = db
    .prepare<[], number>('SELECT (SELECT count(*) FROM presences) + (SELECT count(*) FROM strangers)')
    .pluck();
  const where = 'WHERE class = @class AND serial = @serial';
  const ofOne = db.prepare<object, Row>(`${ofItems} ${where} UNION ALL ${ofStrangers} ${where}`);
  const fromRow = (row: Row): PresenceRow => ({
    id: idOf(row),
    hex: hexFrom(row.hex),
    readPoint: words.word(row.readPoint),
    state: row.present === 1 ? 'PRESENT' : 'GLIMPSED',
    reader: words.word(row.reader),
    antenna: row.antenna,
    rssi: row.rssi,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    reads: row.reads,
  });
  return {
    all: () => all.all().map(fromRow),
    count: () => count.get() ?? 0,
    of: (ids) => ids.flatMap((id) => ofOne.all(identityOf(id)).map(fromRow)),
  };
}

export function createPresenceWriter(db: Db, words: Words): PresenceWriter {
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

function createPut(db: Db, words: Words) {
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

function createSeen(db: Db, words: Words): PresenceWriter['seen'] {
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
