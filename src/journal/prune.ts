import type { Db } from './connection.ts';
import { kindNumbers } from './fact-writer.ts';
import { createLogEnd } from './log-end.ts';

/** What one slice of pruning removed. */
export type Pruned = {
  readonly removed: number;
  /** Of these, facts that a follower had not read: they were older than twice their time. */
  readonly unread: number;
  /** Whether more may go at once. */
  readonly more: boolean;
};

/** Lines that one slice removes: some ms. */
const sliceLines = 200;

type Recorded = {
  readonly seq: number;
  readonly kind: number;
  readonly subject: number;
  readonly recordedAt: number;
  readonly minus: number | null;
  readonly plus: number | null;
};

/**
 * Removes the oldest facts that were recorded more than `keepMs` before `now`, both ms. What a follower has not read stays until it
 * is twice as old. What the removed events had made of stock goes into its base, so stock still is the sum of base and log.
 * An id that was pruned counts as new when it comes again: ids hold the time of what they tell, and what is that old is an
 * older input, which is logged and not applied.
 */
export function createPrune(db: Db): (now: number, keepMs: number) => Pruned {
  const oldest = db.prepare<[number], Recorded>(
    'SELECT seq, kind, subject, recorded_at AS recordedAt, minus, plus FROM log ORDER BY seq LIMIT ?',
  );
  const slowest = db.prepare<[], number | null>('SELECT min(seq) FROM cursors').pluck();
  const drop = db.prepare('DELETE FROM log WHERE seq <= ?');
  const settle = createSettle(db);
  const forget = db.prepare('DELETE FROM log_customers WHERE n = ? AND last <= ?');
  const logEnd = createLogEnd(db);
  return db.transaction((now: number, keepMs: number): Pruned => {
    const read = slowest.get() ?? Number.MAX_SAFE_INTEGER;
    const lines = oldest.all(sliceLines);
    const isDue = ({ seq, recordedAt }: Recorded) => recordedAt < now - keepMs * (seq <= read ? 1 : 2);
    const kept = lines.findIndex((line) => !isDue(line));
    const gone = kept === -1 ? lines : lines.slice(0, kept);
    const last = gone.at(-1)?.seq;
    if (last === undefined) return { removed: 0, unread: 0, more: false };
    logEnd.keep();
    settle(gone);
    drop.run(last);
    for (const { kind, subject } of gone) if (kind === kindNumbers.customer) forget.run(-subject, last);
    return {
      removed: gone.length,
      unread: gone.filter(({ seq }) => seq > read).length,
      more: gone.length === sliceLines,
    };
  }).immediate;
}

/** Adds what events had made of stock to the base of its lines. */
function createSettle(db: Db): (lines: readonly Recorded[]) => void {
  const add = db.prepare('UPDATE stock SET base = base + ? WHERE n = ?');
  return (lines) => {
    const sums = new Map<number, number>();
    const change = (line: number | null, delta: number) => {
      if (line !== null) sums.set(line, (sums.get(line) ?? 0) + delta);
    };
    for (const { minus, plus } of lines) {
      change(minus, -1);
      change(plus, 1);
    }
    for (const [line, sum] of sums) if (sum !== 0) add.run(sum, line);
  };
}
