import type { Db } from './connection.ts';
import type { Route } from './store.ts';

/** Where a waiting delivery stands in its lane: behind an earlier one, first and free to go, first and parked. */
export const place = { behind: 0, free: 1, parked: 2 } as const;

export type Announcement = {
  readonly eventId: string;
  readonly type: string;
  readonly lane: string;
  readonly at: number;
  readonly customer: string | null;
};

export type Announcer = {
  /** One message and one outbox row per destination that wants the type; `text` is called only when one does. */
  announce(announcement: Announcement, text: () => string): void;
};

export function createAnnouncer(db: Db, routes: readonly Route[]): Announcer {
  const addMessage = db.prepare(
    'INSERT INTO messages (event_id, type, lane, at, customer, data) VALUES (@eventId, @type, @lane, @at, @customer, @data)',
  );
  const addRow = db.prepare(`
    INSERT INTO outbox (destination, seq, lane, place, next_at, attempts, error)
    VALUES (@destination, @seq, @lane,
      NOT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_lane WHERE destination = @destination AND lane = @lane), 0, 0, NULL)`);
  return {
    announce: (announcement, text) => {
      const wanting = routes.filter((route) => route.wants(announcement.type));
      if (wanting.length === 0) return;
      const seq = addMessage.run({ ...announcement, data: text() }).lastInsertRowid;
      for (const { destination } of wanting) addRow.run({ destination, seq, lane: announcement.lane });
    },
  };
}

export type Lanes = {
  /** Marks the lane's first delivery as free or parked; called after a change of who stands first. */
  settle(destination: string, lane: string): void;
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
  return {
    // whether the parking time has come is for `due` to say: it knows the time
    settle: (destination, lane) => mark(destination, lane, (nextAt) => (nextAt > 0 ? place.parked : place.free)),
    unsettle: (destination, lane) => mark(destination, lane, () => place.behind),
  };
}
