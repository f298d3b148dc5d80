import type { Db } from './connection.ts';
import type { NewMessage } from './types.ts';

/** Where a waiting delivery stands in its lane: behind an earlier one, first and free to go, first and parked. */
export const place = { behind: 0, free: 1, parked: 2 } as const;

/**
 * A text and its place in the outbox of a destination. Nothing is written of a fact that is not in the log any more: its person or thing
 * was erased after the text was made. The caller holds the transaction.
 */
export function createTold(db: Db): (destination: string, message: NewMessage) => void {
  const addMessage = db.prepare(`
    INSERT INTO messages (event_id, type, lane, at, customer, data)
    SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM log WHERE seq = ?)`);
  const addRow = db.prepare(`
    INSERT INTO outbox (destination, seq, lane, place, next_at, attempts, error)
    VALUES (?, ?, ?, NOT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_lane WHERE destination = ? AND lane = ?), 0, 0, NULL)`);
  return (destination, { fact, eventId, type, lane, at, customer, data }) => {
    const { changes, lastInsertRowid: seq } = addMessage.run(eventId, type, lane, at, customer, data, fact);
    if (changes > 0) addRow.run(destination, seq, lane, destination, lane);
  };
}

export type Lanes = {
  /** Marks the lane's first delivery as free or parked; called after a change of who stands first. */
  settle(destination: string, lane: string): void;
  /** The same of many lanes at once. */
  settleAll(destination: string, lanes: readonly string[]): void;
  /** Before earlier deliveries come back: the present first steps behind. */
  unsettle(destination: string, lane: string): void;
};

/** Keeps the rule that of each lane exactly the first delivery is marked: finding what may go costs no scan. */
export function createLanes(db: Db): Lanes {
  const first = db.prepare<[string, string], { seq: number; nextAt: number; place: number }>(
    'SELECT seq, next_at AS nextAt, place FROM outbox INDEXED BY outbox_lane WHERE destination = ? AND lane = ? ORDER BY seq LIMIT 1',
  );
  const put = db.prepare('UPDATE outbox SET place = ? WHERE destination = ? AND seq = ?');
  const mark = (destination: string, lane: string, wanted: (nextAt: number) => number) => {
    const head = first.get(destination, lane);
    if (head !== undefined && head.place !== wanted(head.nextAt)) put.run(wanted(head.nextAt), destination, head.seq);
  };
  const marked = `CASE WHEN next_at > 0 THEN ${place.parked} ELSE ${place.free} END`;
  const markAll = db.prepare<object>(`
    UPDATE outbox SET place = ${marked} WHERE destination = @destination AND place <> ${marked} AND seq IN (
      SELECT (SELECT min(seq) FROM outbox INDEXED BY outbox_lane WHERE destination = @destination AND lane = value)
      FROM json_each(@lanes))`);
  return {
    settleAll: (destination, lanes) => void markAll.run({ destination, lanes: JSON.stringify(lanes) }),
    // whether the parking time has come is for `due` to say: it knows the time
    settle: (destination, lane) => mark(destination, lane, (nextAt) => (nextAt > 0 ? place.parked : place.free)),
    unsettle: (destination, lane) => mark(destination, lane, () => place.behind),
  };
}
