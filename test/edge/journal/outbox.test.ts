import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/journal/index.ts';
import { fault, said } from '../../../src/kit/index.ts';
import { at, batch, createStores, event, idOf, item, tell } from './store-fixture.ts';

const { folder, open } = createStores();
const nobody: ReadonlySet<string> = new Set();

/** One event on the lane of each given item, in order, told to `main`. */
async function announce(store: Store, ...serials: number[]): Promise<void> {
  const first = store.lastSeq();
  await store.append(batch({ events: serials.map((serial, n) => event(`e${first + n}`, item(serial))) }));
  await tell(store, 'main');
}

const seqsOf = (rows: readonly { seq: number }[]) => rows.map((row) => row.seq);

describe('the outbox', () => {
  it('gives the oldest first and only as many as asked for', async () => {
    const store = open(folder());
    await announce(store, 1, 2, 1, 3);
    expect(seqsOf(await store.outbox.due('main', at, 3, nobody))).toEqual([1, 2, 3]);
    expect(await store.outbox.due('other', at, 3, nobody)).toEqual([]);
  });

  it('keeps the text of an event, persons included, only while somebody waits for it or may send it again', async () => {
    const path = folder();
    const store = open(path);
    const texts = () => {
      const db = new Database(join(path, 'silentgate.db'), { readonly: true });
      const ids = db.prepare('SELECT event_id FROM messages ORDER BY seq').pluck().all();
      db.close();
      return ids;
    };
    await announce(store, 1, 2);
    await tell(store, 'other');
    await store.outbox.delivered('main', [1, 2], at);
    expect(texts()).toEqual(['e0', 'e1']);
    await store.outbox.delivered('other', [3], at);
    expect(texts()).toEqual(['e1']);
    await store.outbox.bury('other', [4], said('HTTP 422'), 422, at);
    expect(texts()).toEqual(['e1']);
    await store.outbox.resend('other', null);
    await store.outbox.delivered('other', [4], at);
    expect(texts()).toEqual([]);
  });

  it('holds a lane back while its first delivery waits, and no other', async () => {
    const store = open(folder());
    await announce(store, 1, 2, 1);
    await store.outbox.retry('main', [1], at + 1_000, said('HTTP 500'));
    expect(seqsOf(await store.outbox.due('main', at, 10, nobody))).toEqual([2]);
    expect(store.outbox.nextDueAt('main')).toBe(0);
    await store.outbox.delivered('main', [2], at);
    expect(store.outbox.nextDueAt('main')).toBe(at + 1_000);
    const due = await store.outbox.due('main', at + 1_000, 10, nobody);
    expect(due.map((row) => [row.seq, row.attempts])).toEqual([
      [1, 1],
      [3, 0],
    ]);
  });

  it('does not hold a lane for years because a delivery was parked while the clock was wrong', async () => {
    const store = open(folder());
    await announce(store, 1, 1);
    const dayMs = 86_400_000;
    await store.outbox.retry('main', [1], at + 6 * dayMs, said('HTTP 500'));
    expect(await store.outbox.due('main', at, 10, nobody)).toEqual([]);
    expect(seqsOf(await store.outbox.due('main', at - 2 * dayMs, 10, nobody))).toEqual([1, 2]);
  });

  it('lets the others go on while one that was free has to wait again, because the clock was set back', async () => {
    const store = open(folder());
    await announce(store, 1, 2);
    await store.outbox.retry('main', [1], at, said('HTTP 500'));
    expect(seqsOf(await store.outbox.due('main', at, 1, nobody))).toEqual([1]);
    expect(seqsOf(await store.outbox.due('main', at - 1_000, 1, nobody))).toEqual([2]);
    expect(seqsOf(await store.outbox.due('main', at, 2, nobody))).toEqual([1, 2]);
  });

  it('leaves lanes in flight alone', async () => {
    const store = open(folder());
    await announce(store, 1, 2, 1);
    expect(seqsOf(await store.outbox.due('main', at, 10, new Set([idOf(1)])))).toEqual([2]);
  });

  it('finds what may go behind hundreds of deliveries of a lane in flight, or of one that is parked', async () => {
    const store = open(folder());
    await announce(store, ...Array(300).fill(1), 2, ...Array(300).fill(3), 4);
    expect(seqsOf(await store.outbox.due('main', at, 2, new Set([idOf(1)])))).toEqual([301, 302]);
    expect(seqsOf(await store.outbox.due('main', at, 2, new Set([1, 3].map(idOf))))).toEqual([301, 602]);
    await store.outbox.retry('main', [1], at + 1_000, said('HTTP 500'));
    expect(seqsOf(await store.outbox.due('main', at, 2, new Set([idOf(3)])))).toEqual([301, 602]);
  });

  it('removes what is delivered to one destination and leaves what the other waits for', async () => {
    const store = open(folder());
    await announce(store, 1);
    await tell(store, 'other');
    await store.outbox.delivered('main', [1], at);
    expect(store.outbox.waiting('main')).toEqual({ count: 0, oldestAt: null });
    expect(store.outbox.waiting('other')).toEqual({ count: 1, oldestAt: at });
    expect((await store.outbox.due('other', at, 1, nobody))[0]?.data).toContain(idOf(1));
    await store.outbox.delivered('other', [2], at);
    await store.outbox.delivered('other', [2], at);
    expect(store.outbox.waiting('other').count).toBe(0);
  });

  it('buries with the reason, lets the lane go on, and sends again under the same id and body, in its old place', async () => {
    const store = open(folder());
    await announce(store, 1, 1, 1);
    const [poison] = await store.outbox.due('main', at, 1, nobody);
    await store.outbox.bury('main', [1], said('HTTP 422'), 422, at + 9);
    expect(seqsOf(await store.outbox.due('main', at, 10, nobody))).toEqual([2, 3]);
    expect(store.outbox.deadCount('main')).toBe(1);
    const { rows } = store.outbox.deadLetters(null, null, 10);
    expect(rows).toEqual([
      { ...poison, attempts: 1, reason: 'HTTP 422', fault: said('HTTP 422'), status: 422, diedAt: at + 9 },
    ]);
    expect(await store.outbox.resend('main', [1, 1, 77])).toBe(1);
    expect((await store.outbox.due('main', at, 10, nobody))[0]).toEqual(poison);
    expect(seqsOf(await store.outbox.due('main', at, 10, nobody))).toEqual([1, 2, 3]);
    await store.outbox.retry('main', [1], at + 50, said('HTTP 500'));
    expect(await store.outbox.due('main', at, 10, nobody)).toEqual([]);
    expect(store.outbox.deadCount('main')).toBe(0);
  });

  it('pages dead letters and sends all of a destination again', async () => {
    const store = open(folder());
    await announce(store, 1, 2, 3);
    await tell(store, 'other');
    await store.outbox.bury('main', [1, 2, 3], said('HTTP 404'), 404, at);
    await store.outbox.bury('other', [5], said('HTTP 404'), 404, at);
    const first = store.outbox.deadLetters(null, null, 3);
    expect(first.rows.map((row) => [row.destination, row.seq])).toEqual([
      ['main', 1],
      ['main', 2],
      ['main', 3],
    ]);
    expect(store.outbox.deadLetters(null, first.next, 3).rows.map((row) => row.destination)).toEqual(['other']);
    expect(seqsOf(store.outbox.deadLetters('other', null, 3).rows)).toEqual([5]);
    expect(await store.outbox.resend('main', null)).toBe(3);
    expect(await store.outbox.resend('main', null)).toBe(0);
    expect(store.outbox.waiting('main').count).toBe(3);
  });

  it('remembers a destination’s state over a restart', async () => {
    const path = folder();
    const store = open(path);
    expect(store.outbox.state('main')).toMatchObject({ destination: 'main', state: 'ok', failures: 0, nextAt: null });
    const state = {
      destination: 'main',
      state: 'retrying' as const,
      failures: 4,
      nextAt: at + 60_000,
      lastFault: fault('CRM_REFUSES_ALL', { count: 10 }, fault('CRM_NOT_FOUND', {}, said('no such shop'))),
      lastSuccessAt: at,
      since: at,
    };
    await store.outbox.setState(state);
    await store.close();
    expect(open(path).outbox.state('main')).toEqual(state);
  });

  it('shows why as the text that it was where an older version wrote it', async () => {
    const path = folder();
    const store = open(path);
    await announce(store, 1);
    await store.outbox.bury('main', [1], fault('CRM_GONE'), 410, at);
    await store.outbox.setState({ ...store.outbox.state('main'), state: 'disabled', lastFault: fault('CRM_GONE') });
    await store.close();
    const db = new Database(join(path, 'silentgate.db'));
    db.prepare('UPDATE dead_letters SET reason = ?').run('HTTP 422: {"code":"E1"}');
    db.prepare('UPDATE destination_states SET last_error = ?').run('connect ECONNREFUSED 10.0.0.9:443');
    db.close();
    const { outbox } = open(path);
    const words = 'HTTP 422: {"code":"E1"}';
    expect(outbox.deadLetters(null, null, 10).rows[0]).toMatchObject({ reason: words, fault: said(words) });
    expect(outbox.state('main').lastFault).toEqual(said('connect ECONNREFUSED 10.0.0.9:443'));
  });
});

type Row = { seq: number; lane: number; nextAt: number };
type Model = { waiting: Row[]; dead: Row[]; now: number; last: number };

/** What may go, by the rule itself: walk in order; a lane stops at the first that may not. */
function dueOf(model: Model, limit: number, excluded: readonly number[]): number[] {
  const stopped = new Set(excluded);
  const due: number[] = [];
  for (const row of [...model.waiting].sort((a, b) => a.seq - b.seq)) {
    if (row.nextAt > model.now) stopped.add(row.lane);
    if (!stopped.has(row.lane)) due.push(row.seq);
  }
  return due.slice(0, limit);
}

const lane = fc.integer({ min: 1, max: 4 });

/** Numbers of a step: lanes of an announcement, or which rows it concerns. */
const step = fc.record({
  move: fc.constantFrom('announce', 'announce', 'delivered', 'retry', 'bury', 'resend', 'pass'),
  numbers: fc.array(fc.nat(12), { maxLength: 4 }),
  ms: fc.integer({ min: -10, max: 40 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const without = (rows: Row[], gone: Row[]) => rows.filter((row) => !gone.includes(row));

/** Each move on the store and on the model beside it. */
const moves: Record<string, (store: Store, model: Model, given: Step) => Promise<void> | void> = {
  announce: async (store, model, { numbers }) => {
    const lanes = numbers.map((n) => 1 + (n % 4));
    await announce(store, ...lanes);
    for (const one of lanes) model.waiting.push({ seq: ++model.last, lane: one, nextAt: 0 });
  },
  delivered: async (store, model, { numbers }) => {
    const rows = model.waiting.filter((_, n) => numbers.includes(n));
    await store.outbox.delivered('main', seqsOf(rows), model.now);
    model.waiting = without(model.waiting, rows);
  },
  retry: async (store, model, { numbers, ms }) => {
    const rows = model.waiting.filter((_, n) => numbers.includes(n));
    await store.outbox.retry('main', seqsOf(rows), model.now + ms, said('no'));
    for (const row of rows) row.nextAt = model.now + ms;
  },
  bury: async (store, model, { numbers }) => {
    const rows = model.waiting.filter((_, n) => numbers.includes(n));
    await store.outbox.bury('main', seqsOf(rows), said('no'), null, model.now);
    model.waiting = without(model.waiting, rows);
    model.dead.push(...rows);
  },
  resend: async (store, model, { numbers }) => {
    const rows = model.dead.filter((_, n) => numbers.includes(n));
    expect(await store.outbox.resend('main', seqsOf(rows))).toBe(rows.length);
    model.dead = without(model.dead, rows);
    model.waiting.push(...rows.map((row) => ({ ...row, nextAt: 0 })));
  },
  pass: (_, model, { ms }) => {
    model.now += ms;
  },
};

describe('the outbox beside a model of the rule', () => {
  it('gives the same deliveries in the same order after any history', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.uniqueArray(lane, { maxLength: 2 }),
        async (steps, limit, excluded) => {
          const store = open(folder());
          const model: Model = { waiting: [], dead: [], now: at, last: 0 };
          for (const given of steps) {
            await moves[given.move]?.(store, model, given);
            const due = await store.outbox.due('main', model.now, limit, new Set(excluded.map(idOf)));
            expect(seqsOf(due)).toEqual(dueOf(model, limit, excluded));
            expect(store.outbox.waiting('main').count).toBe(model.waiting.length);
            expect(store.outbox.deadCount('main')).toBe(model.dead.length);
          }
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
