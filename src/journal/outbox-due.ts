import type { Db } from './connection.ts';
import type { OutboxRow } from './types.ts';

/** See `OutboxTable.due`. */
export type Due = (destination: string, now: number, limit: number, excludeLanes: ReadonlySet<string>) => OutboxRow[];

type Head = { readonly seq: number; readonly lane: string; readonly nextAt: number };
/** Nothing is ever parked for longer: a later time was written while the clock was wrong, and would hold its lane for years. */
const longestParkMs = 7 * 24 * 3_600_000;

/** Sequence numbers of what may go, oldest first. */
type FindDue = (destination: string, now: number, limit: number, excludeLanes: ReadonlySet<string>) => number[];

/** Beside as many as are wanted or excluded, so many are walked along; and so many where that does not do. */
const walkedBeyond = 20;
const walkedFar = 100;

type Step = { readonly seq: number; readonly nextAt: number };

/**
 * The oldest deliveries that may go. Only the first of a lane is marked free, so the oldest `limit` heads are enough:
 * whatever stands in another lane is later than all of them. Of each lane a gapless run from its first is taken.
 * Indexes are named because the planner prefers the key, which would read every waiting row.
 */
export function createDue(db: Db): Due {
  const unpark = db.prepare(
    'UPDATE outbox INDEXED BY outbox_parked SET place = 1 WHERE destination = ? AND place = 2 AND next_at <= ?',
  );
  const unparkFar = db.prepare(
    'UPDATE outbox INDEXED BY outbox_parked SET place = 1, next_at = 0 WHERE destination = ? AND place = 2 AND next_at > ?',
  );
  const heads = db.prepare<[string, number], Head>(
    'SELECT seq, lane, next_at AS nextAt FROM outbox INDEXED BY outbox_free WHERE destination = ? AND place = 1 ORDER BY seq LIMIT ?',
  );
  const steps = db.prepare<[string, string, number, number], Step>(
    'SELECT seq, next_at AS nextAt FROM outbox INDEXED BY outbox_lane WHERE destination = ? AND lane = ? AND seq <= ? ORDER BY seq LIMIT ?',
  );
  const rows = createRows(db);
  const park = db.prepare('UPDATE outbox SET place = 2 WHERE destination = ? AND seq = ?');
  /** A clock that was set back makes what was free wait again: it must not stand in the way of the others. */
  const parkEarly = (destination: string, now: number, limit: number): void => {
    for (;;) {
      const early = heads.all(destination, limit).filter(({ nextAt }) => nextAt > now);
      if (early.length === 0) return;
      for (const { seq } of early) park.run(destination, seq);
    }
  };
  const byLanes: FindDue = (destination, now, limit, excludeLanes) => {
    parkEarly(destination, now, limit + excludeLanes.size);
    unpark.run(destination, now);
    unparkFar.run(destination, now + longestParkMs);
    const open = heads.all(destination, limit + excludeLanes.size).filter((head) => !excludeLanes.has(head.lane));
    // As many heads as are asked for lie at or before this one: nothing later can be among the oldest.
    let bound = open[limit - 1]?.seq ?? Number.MAX_SAFE_INTEGER;
    let taken: number[] = [];
    for (const head of open) {
      if (head.seq > bound) break;
      const run = runOf(steps.all(destination, head.lane, bound, limit), now);
      taken = [...taken, ...run].sort((a, b) => a - b).slice(0, limit);
      if (taken.length === limit) bound = Math.min(bound, taken.at(-1) ?? bound);
    }
    return taken;
  };
  return (...given) => rows(given[0], byLanes(...given));
}

function createRows(db: Db): (destination: string, seqs: readonly number[]) => OutboxRow[] {
  const rows = db.prepare<[string, string], OutboxRow>(`
    SELECT o.seq, o.destination, m.event_id AS eventId, m.type, m.lane, m.at, m.data, o.attempts
    FROM json_each(?) CROSS JOIN outbox o ON o.destination = ? AND o.seq = value CROSS JOIN messages m ON m.seq = o.seq`);
  return (destination, seqs) => rows.all(JSON.stringify(seqs), destination);
}

/** The same without a write; null where that does not say what may go. */
export type WalkDue = (destination: string, limit: number, excludeLanes: ReadonlySet<string>) => OutboxRow[] | null;

/**
 * By a walk along the oldest deliveries, where none of them was ever parked and enough are in no excluded lane: nearly always, and then
 * it costs a fraction.
 */
export function createWalkDue(db: Db): WalkDue {
  const rows = createRows(db);
  const oldest = db.prepare<[string, number], Head>(
    'SELECT seq, lane, next_at AS nextAt FROM outbox WHERE destination = ? ORDER BY seq LIMIT ?',
  );
  /** By the oldest `most`; null where they do not say it, `parked` where no more would. */
  const walk = (...[destination, limit, excludeLanes, most]: [...Parameters<WalkDue>, number]) => {
    const front = oldest.all(destination, most);
    if (front.some(({ nextAt }) => nextAt > 0)) return 'parked';
    const open = front.filter(({ lane }) => !excludeLanes.has(lane)).slice(0, limit);
    return open.length < limit && front.length === most ? null : open.map(({ seq }) => seq);
  };
  return (destination, limit, excludeLanes) => {
    const least = limit + excludeLanes.size + walkedBeyond;
    const found =
      walk(destination, limit, excludeLanes, least) ?? walk(destination, limit, excludeLanes, 2 * least + walkedFar);
    return found === null || found === 'parked' ? null : rows(destination, found);
  };
}

/** The steps of a lane up to the first that has to wait. */
function runOf(steps: readonly Step[], now: number): number[] {
  const stop = steps.findIndex((step) => step.nextAt > now);
  return (stop === -1 ? steps : steps.slice(0, stop)).map((step) => step.seq);
}
