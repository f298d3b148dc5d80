import type { Observation, PresenceRow, SeenRow } from '../presence/index.ts';
import type { Db } from './connection.ts';

const selected = `id, hex, read_point AS readPoint, state, reader, antenna, rssi,
  first_seen_at AS firstSeenAt, last_seen_at AS lastSeenAt, reads`;

export type PresenceRows = {
  all(): PresenceRow[];
  count(): number;
  of(ids: readonly string[]): PresenceRow[];
  /** Follows one observation: glimpsed and arrived are written, departed and stray taken away. */
  follow(observation: Observation): void;
  /** Updates rows that are still there; the caller holds the transaction. */
  seen(rows: readonly SeenRow[]): void;
};

export function createPresenceRows(db: Db): PresenceRows {
  const all = db.prepare<[], PresenceRow>(`SELECT ${selected} FROM presences`);
  const count = db.prepare<[], number>('SELECT count(*) FROM presences').pluck();
  const ofOne = db.prepare<[string], PresenceRow>(`SELECT ${selected} FROM presences WHERE id = ?`);
  const upsert = db.prepare(`
    INSERT INTO presences (id, read_point, hex, state, reader, antenna, rssi, first_seen_at, last_seen_at, reads)
    VALUES (@id, @readPoint, @hex, @state, @reader, @antenna, @rssi, @firstSeenAt, @lastSeenAt, @reads)
    ON CONFLICT (id, read_point) DO UPDATE SET hex = excluded.hex, state = excluded.state, reader = excluded.reader,
      antenna = excluded.antenna, rssi = excluded.rssi, first_seen_at = excluded.first_seen_at,
      last_seen_at = excluded.last_seen_at, reads = excluded.reads`);
  const remove = db.prepare('DELETE FROM presences WHERE id = ? AND read_point = ?');
  const touch = db.prepare(`
    UPDATE presences SET last_seen_at = max(last_seen_at, @lastSeenAt), reads = @reads, rssi = @rssi
    WHERE id = @id AND read_point = @readPoint`);
  const touchItem = db.prepare(`
    UPDATE items SET last_seen_at = @lastSeenAt WHERE id = @id AND coalesce(last_seen_at, 0) < @lastSeenAt`);
  return {
    all: () => all.all(),
    count: () => count.get() ?? 0,
    of: (ids) => ids.flatMap((id) => ofOne.all(id)),
    follow: (observation) => {
      const { id, readPoint, change } = observation;
      if (change === 'departed' || change === 'stray') remove.run(id, readPoint);
      else upsert.run({ ...observation, state: change === 'arrived' ? 'PRESENT' : 'GLIMPSED' });
    },
    seen: (rows) => {
      for (const row of rows) {
        touch.run(row);
        touchItem.run(row);
      }
    },
  };
}
