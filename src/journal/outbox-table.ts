import { type Fault, faultIn, faultText, sentenceOf } from '../kit/index.ts';
import type { Db } from './connection.ts';
import { createDue, createWalkDue, type Due, type WalkDue } from './outbox-due.ts';
import { createLanes, createTold, type Lanes } from './outbox-rows.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import type { CursorAt, OutboxTable } from './store.ts';
import type { DeadLetter, DestinationState, NewMessage } from './types.ts';

/** What is looked up of deliveries, and what is written of them, by itself: see `OutboxTable`. */
export type OutboxRows = Pick<OutboxTable, 'nextDueAt' | 'waiting' | 'deadLetters' | 'deadCount' | 'state'> & {
  tell(destination: string, messages: readonly NewMessage[], cursor: CursorAt): void;
  due: Due;
  walkDue: WalkDue;
  delivered(destination: string, seqs: readonly number[], at: number): void;
  retry(destination: string, seqs: readonly number[], nextAt: number, why: Fault): void;
  bury(destination: string, seqs: readonly number[], why: Fault, status: number | null, at: number): void;
  resend(destination: string, seqs: readonly number[] | null): number;
  setState(state: DestinationState): void;
};

/** The waiting deliveries, the dead ones, and what is known of each destination. */
export function createOutboxTable(db: Db, now: () => number): OutboxRows {
  return {
    tell: createTell(db),
    due: createDue(db),
    walkDue: createWalkDue(db),
    ...createMoves(db),
    ...createDead(db),
    ...createCounts(db),
    ...createStates(db, now),
  };
}

function createTell(db: Db): OutboxRows['tell'] {
  const told = createTold(db);
  const put = db.prepare('INSERT OR REPLACE INTO cursors (follower, seq) VALUES (?, ?)');
  const tell = db.transaction((...[destination, messages, { follower, seq }]: Parameters<OutboxRows['tell']>) => {
    for (const message of messages) told(destination, message);
    put.run(follower, seq);
  });
  return (...given) => tell.immediate(...given);
}

/** Most deliveries go well: a batch is a few statements, not some for each of its events. A text that nobody waits for any more goes. */
function createDelivered(db: Db, { settleAll }: Lanes) {
  const some = 'seq IN (SELECT value FROM json_each(@seqs))';
  const remove = db
    .prepare<object, string>(`DELETE FROM outbox WHERE destination = @destination AND ${some} RETURNING lane`)
    .pluck();
  const sweep = db.prepare<object>(`
    DELETE FROM messages WHERE ${some} AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.seq = messages.seq)
    AND NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.seq = messages.seq)`);
  return db.transaction((destination: string, given: readonly number[]) => {
    const seqs = JSON.stringify(given);
    const touched = remove.all({ destination, seqs });
    sweep.run({ seqs });
    settleAll(destination, [...new Set(touched)]);
  });
}

function createMoves(db: Db): Pick<OutboxRows, 'delivered' | 'retry' | 'bury'> {
  const lanes = createLanes(db);
  const delivered = createDelivered(db, lanes);
  const remove = db
    .prepare<[string, number], string>('DELETE FROM outbox WHERE destination = ? AND seq = ? RETURNING lane')
    .pluck();
  const park = db
    .prepare<[Record<string, unknown>], string>(`
      UPDATE outbox SET next_at = @nextAt, error = @error, attempts = attempts + 1
      WHERE destination = @destination AND seq = @seq RETURNING lane`)
    .pluck();
  const die = db.prepare(`
    INSERT INTO dead_letters (destination, seq, attempts, reason, status, died_at)
    SELECT destination, seq, attempts + 1, @reason, @status, @at FROM outbox WHERE destination = @destination AND seq = @seq`);
  const each = db.transaction(
    (destination: string, seqs: readonly number[], move: (seq: number) => string | undefined) => {
      const touched = new Set(seqs.flatMap((seq) => move(seq) ?? []));
      for (const lane of touched) lanes.settle(destination, lane);
    },
  );
  return {
    delivered: (destination, seqs) => delivered.immediate(destination, seqs),
    retry: (destination, seqs, nextAt, why) =>
      each.immediate(destination, seqs, (seq) => park.get({ destination, seq, nextAt, error: faultText(why) })),
    bury: (destination, seqs, why, status, at) =>
      each.immediate(destination, seqs, (seq) => {
        die.run({ destination, seq, reason: faultText(why), status, at });
        return remove.get(destination, seq);
      }),
  };
}

function createDead(db: Db): Pick<OutboxRows, 'deadLetters' | 'resend'> {
  const lanes = createLanes(db);
  const page = db.prepare<[Record<string, unknown>], Omit<DeadLetter, 'fault'>>(`
    SELECT d.seq, d.destination, m.event_id AS eventId, m.type, m.lane, m.at, m.data, d.attempts,
      d.reason, d.status, d.died_at AS diedAt
    FROM dead_letters d JOIN messages m ON m.seq = d.seq
    WHERE (d.destination, d.seq) > (@after, @seqAfter) AND (@destination IS NULL OR d.destination = @destination)
    ORDER BY d.destination, d.seq LIMIT @limit`);
  const allOf = db.prepare<[string], number>('SELECT seq FROM dead_letters WHERE destination = ?').pluck();
  const laneOf = db
    .prepare<[string, number], string>(
      'SELECT m.lane FROM dead_letters d JOIN messages m ON m.seq = d.seq WHERE d.destination = ? AND d.seq = ?',
    )
    .pluck();
  const revive = db.prepare(`
    INSERT INTO outbox (destination, seq, lane, place, next_at, attempts, error) VALUES (?, ?, ?, 0, 0, 0, NULL)`);
  const remove = db.prepare('DELETE FROM dead_letters WHERE destination = ? AND seq = ?');
  const resend = db.transaction((destination: string, seqs: readonly number[]): number => {
    const dead = [...new Set(seqs)].flatMap((seq) => {
      const lane = laneOf.get(destination, seq);
      return lane === undefined ? [] : [{ seq, lane }];
    });
    const touched = new Set(dead.map(({ lane }) => lane));
    for (const lane of touched) lanes.unsettle(destination, lane);
    for (const { seq, lane } of dead) {
      revive.run(destination, seq, lane);
      remove.run(destination, seq);
    }
    for (const lane of touched) lanes.settle(destination, lane);
    return dead.length;
  });
  return {
    deadLetters: (destination, cursor, wished) => {
      const limit = pageSize(wished);
      const [after, seqAfter] = cursorKey(cursor, [destination ?? '', 0] as const);
      const rows = page.all({ destination, after, seqAfter, limit: limit + 1 }).map(told);
      return pageOf(rows, limit, (row) => [row.destination, row.seq]);
    },
    resend: (destination, seqs) => resend.immediate(destination, seqs ?? allOf.all(destination)),
  };
}

function createCounts(db: Db): Pick<OutboxTable, 'nextDueAt' | 'waiting' | 'deadCount'> {
  const count = db.prepare<[string], { waiting: number; dead: number }>(
    'SELECT waiting, dead FROM destination_counts WHERE destination = ?',
  );
  const oldest = db
    .prepare<[string], number>(
      'SELECT m.at FROM outbox o JOIN messages m ON m.seq = o.seq WHERE o.destination = ? ORDER BY o.seq LIMIT 1',
    )
    .pluck();
  const free = db
    .prepare<[string], number>(
      'SELECT next_at FROM outbox INDEXED BY outbox_free WHERE destination = ? AND place = 1 LIMIT 1',
    )
    .pluck();
  const parked = db
    .prepare<[string], number | null>(
      'SELECT min(next_at) FROM outbox INDEXED BY outbox_parked WHERE destination = ? AND place = 2',
    )
    .pluck();
  return {
    nextDueAt: (destination) => free.get(destination) ?? parked.get(destination) ?? null,
    waiting: (destination) => ({
      count: count.get(destination)?.waiting ?? 0,
      oldestAt: oldest.get(destination) ?? null,
    }),
    deadCount: (destination) => count.get(destination)?.dead ?? 0,
  };
}

function createStates(db: Db, now: () => number): Pick<OutboxRows, 'state' | 'setState'> {
  const get = db.prepare<[string], KeptState>(`
    SELECT destination, state, failures, next_at AS nextAt, last_error AS lastError, last_success_at AS lastSuccessAt, since
    FROM destination_states WHERE destination = ?`);
  const set = db.prepare(`
    INSERT OR REPLACE INTO destination_states (destination, state, failures, next_at, last_error, last_success_at, since)
    VALUES (@destination, @state, @failures, @nextAt, @lastError, @lastSuccessAt, @since)`);
  return {
    state: (destination) => {
      const kept = get.get(destination);
      if (kept !== undefined) return stateOf(kept);
      const never = { failures: 0, nextAt: null, lastFault: null, lastSuccessAt: null };
      return { destination, state: 'ok', ...never, since: now() };
    },
    setState: ({ lastFault, ...state }) =>
      void set.run({ ...state, lastError: lastFault === null ? null : faultText(lastFault) }),
  };
}

/** A row as it is kept: the fault is text, of an older version only its sentence. */
type KeptState = Omit<DestinationState, 'lastFault'> & { readonly lastError: string | null };

function stateOf({ lastError, ...state }: KeptState): DestinationState {
  return { ...state, lastFault: lastError === null ? null : faultIn(lastError) };
}

function told({ reason, ...row }: Omit<DeadLetter, 'fault'>): DeadLetter {
  const fault = faultIn(reason);
  return { ...row, reason: sentenceOf(fault), fault };
}
