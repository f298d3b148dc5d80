import type { DeadLetter, DestinationState, OutboxRow, OutboxTable } from '../../src/journal/index.ts';
import { type Fault, sentenceOf } from '../../src/kit/index.ts';

/** An outbox in memory under the contract of the real one, for schedules of days and models of thousands of runs. */
export type MemoryOutbox = OutboxTable & {
  add(row: Pick<OutboxRow, 'lane'> & Partial<OutboxRow>): OutboxRow;
  rows(destination?: string): readonly OutboxRow[];
  /** Next writes fail with this error until null is set again. */
  fail: Error | null;
};

type Waiting = OutboxRow & { nextAt: number };

export function memoryOutbox(now: () => number): MemoryOutbox {
  let waiting: Waiting[] = [];
  let dead: DeadLetter[] = [];
  const states = new Map<string, DestinationState>();
  let seq = 0;
  const check = () => {
    if (outbox.fail !== null) throw outbox.fail;
  };
  const pick = (destination: string, seqs: readonly number[]) => {
    const wanted = new Set(seqs);
    return waiting.filter((row) => row.destination === destination && wanted.has(row.seq));
  };
  const drop = (rows: readonly Waiting[]) => {
    const gone = new Set(rows);
    waiting = waiting.filter((row) => !gone.has(row));
  };
  const free = (destination: string, at: number, exclude: ReadonlySet<string>, limit: number) => {
    const stopped = new Set(exclude);
    const taken: Waiting[] = [];
    for (const row of waiting) {
      if (row.destination !== destination || stopped.has(row.lane)) continue;
      if (row.nextAt > at) stopped.add(row.lane);
      else taken.push(row);
      if (taken.length === limit) break;
    }
    return taken;
  };
  const outbox: MemoryOutbox = {
    fail: null,
    add: (given) => {
      seq += 1;
      const row = {
        ...{ seq, destination: 'main', eventId: `event-${seq}`, type: 'item.moved', at: now() },
        ...{ data: `{"epcis":{"n":${seq}},"item":null,"customer":null}`, attempts: 0, nextAt: 0 },
        ...given,
      };
      waiting.push(row);
      return row;
    },
    tell: async (destination, messages) => {
      check();
      for (const { fact: _, customer: _c, ...row } of messages) outbox.add({ ...row, destination });
    },
    rows: (destination = 'main') => waiting.filter((row) => row.destination === destination),
    due: async (destination, at, limit, exclude) =>
      free(destination, at, exclude, limit).map(({ nextAt: _, ...row }) => row),
    nextDueAt: (destination) => {
      const heads = new Map<string, number>();
      for (const row of waiting) {
        if (row.destination === destination && !heads.has(row.lane)) heads.set(row.lane, row.nextAt);
      }
      return heads.size === 0 ? null : [...heads.values()].reduce((a, b) => Math.min(a, b));
    },
    delivered: async (destination, seqs) => {
      check();
      drop(pick(destination, seqs));
    },
    retry: async (destination, seqs, nextAt) => {
      check();
      for (const row of pick(destination, seqs)) Object.assign(row, { nextAt, attempts: row.attempts + 1 });
    },
    bury: async (destination, seqs, why, status, diedAt) => {
      check();
      const rows = pick(destination, seqs);
      dead.push(
        ...rows.map(({ nextAt: _, ...row }) => ({ ...row, attempts: row.attempts + 1, ...told(why), status, diedAt })),
      );
      drop(rows);
    },
    waiting: (destination) => {
      const rows = outbox.rows(destination);
      return { count: rows.length, oldestAt: rows[0]?.at ?? null };
    },
    deadLetters: (destination) => ({
      rows: dead.filter((row) => destination === null || row.destination === destination),
      next: null,
    }),
    deadCount: (destination) => dead.filter((row) => row.destination === destination).length,
    resend: async (destination, seqs) => {
      const back = dead.filter((row) => row.destination === destination && (seqs === null || seqs.includes(row.seq)));
      dead = dead.filter((row) => !back.includes(row));
      const revived = back.map(({ reason: _r, fault: _f, status: _s, diedAt: _d, ...row }) => ({
        ...row,
        attempts: 0,
        nextAt: 0,
      }));
      waiting = [...waiting, ...revived].sort((a, b) => a.seq - b.seq);
      return back.length;
    },
    state: (destination) =>
      states.get(destination) ?? {
        ...{ destination, state: 'ok', failures: 0, nextAt: null },
        ...{ lastFault: null, lastSuccessAt: null, since: now() },
      },
    setState: async (state) => {
      check();
      states.set(state.destination, state);
    },
  };
  return outbox;
}

const told = (fault: Fault) => ({ reason: sentenceOf(fault), fault });
