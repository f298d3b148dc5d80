import { describe, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { writeHere } from '../../../src/journal/here.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { createQueue, type Queue } from '../../../src/journal/queue.ts';
import type { FromWriter, Posted } from '../../../src/journal/wire.ts';
import { arrival, at, batch, createStores, idOf } from './store-fixture.ts';

const { folder, open } = createStores();

/** A queue in front of a database that writes on this thread. */
function here(): { db: Db; queue: Queue } {
  const path = folder();
  const db = openDatabase(databaseFile(path));
  migrate(db, migrations, at);
  const options = { folder: path, site: 'taipei-xinyi', holds: true, sightsBefore: null };
  return { db, queue: createQueue((hear) => writeHere(db, options, hear)) };
}

const append = (queue: Queue, n: number) => queue.call('append', batch({ events: [arrival(n)] }), at);
const items = (db: Db) => db.prepare<[], number>('SELECT count(*) FROM items').pluck().get();

/** A queue to a writer that answers when the test says so. */
function slow(bound: { rows: number; bytes: number }) {
  const posted: Posted[] = [];
  let hear: (message: FromWriter) => void = () => undefined;
  const queue = createQueue((given) => {
    hear = given;
    return {
      pack: (call) => ({ packed: call, bytes: JSON.stringify(call).length }),
      post: (message) => void posted.push(message),
    };
  }, bound);
  const done = (calls: number) =>
    hear({ kind: 'done', commits: 1, outcomes: Array.from({ length: calls }, () => ({ ok: true, value: undefined })) });
  return { queue, posted, done, fail: (error: unknown) => hear({ kind: 'failed', error }) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('writes that are called in one turn', () => {
  it('are one transaction, and are answered in the order of their calls', async () => {
    const { queue, db } = here();
    const order: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, n) => append(queue, n).finally(() => order.push(n))),
    );
    expect(queue.commits()).toBe(1);
    expect(order).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(results.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    db.close();
  });

  it('are several transactions where they are thousands of rows', async () => {
    const { queue, db } = here();
    const events = Array.from({ length: 3_000 }, (_, n) => arrival(n));
    await Promise.all([0, 1, 2].map((n) => queue.call('append', batch({ events: events.slice(n * 1_000) }), at)));
    expect(queue.commits()).toBe(2);
    expect(items(db)).toBe(3_000);
    db.close();
  });

  it('lose only the one whose error is its own', async () => {
    const store = open(folder());
    const consent = { given: true, textVersion: null, at, source: null };
    await store.customers.put({ customer: 'crm-1', consent }, ['card']);
    const before = (await store.health()).commits;
    const written = await Promise.allSettled([
      store.append(batch({ events: [arrival(1)] })),
      store.customers.put({ customer: 'crm-2', consent }, ['other', 'card']),
      store.append(batch({ events: [arrival(2)] })),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(written[1]).toMatchObject({ reason: { code: 'CONFLICT' } });
    expect([store.lastSeq(), store.customers.get('crm-2'), store.customers.byToken('other')]).toEqual([2, null, null]);
    expect((await store.health()).commits).toBe(before + 1);
  });
});

describe('a transaction that fails', () => {
  it('on a full disk rejects all that share it, and nothing of them is on disk; the next one is written', async () => {
    const { queue, db } = here();
    await append(queue, 0);
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 4}`);
    const heard: unknown[] = [];
    queue.failed((error) => heard.push(error));
    const many = Array.from({ length: 2_000 }, (_, n) => arrival(1_000 + n));
    const calls = [append(queue, 1), queue.call('append', batch({ events: many }), at), append(queue, 2)];
    const results = await Promise.allSettled(calls);
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'STORE_FULL' } });
    expect(heard).toHaveLength(1);
    expect([items(db), db.inTransaction]).toEqual([1, false]);
    db.pragma('max_page_count = 1073741823');
    expect(await append(queue, 1)).toEqual({ seq: 2, duplicates: [] });
    db.close();
  });

  it('for whatever an append throws takes back what was called before and behind it', async () => {
    const { queue, db } = here();
    db.exec(`CREATE TRIGGER refuse BEFORE INSERT ON log WHEN (SELECT count(*) FROM items) > 1
      BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`);
    const product = { gtin: '04710088000019', sku: null, name: 'x' };
    const results = await Promise.allSettled([
      append(queue, 1),
      queue.call('putProducts', [product]),
      append(queue, 2),
      append(queue, 3),
    ]);
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(items(db)).toBe(0);
    expect(db.prepare('SELECT * FROM products').all()).toEqual([]);
    db.exec('DROP TRIGGER refuse');
    expect((await append(queue, 2)).seq).toBe(1);
    db.close();
  });

  it('tells who listens before any promise is rejected, and what was called behind it is not written', async () => {
    const { queue, posted, done, fail } = slow({ rows: 10, bytes: 1e6 });
    const heard: string[] = [];
    queue.failed(() => heard.push('failed'));
    const first = append(queue, 1).catch(() => heard.push('first'));
    await turn();
    const second = append(queue, 2).catch(() => heard.push('second'));
    fail(new Error('no'));
    await Promise.all([first, second]);
    expect(heard).toEqual(['failed', 'first', 'second']);
    const third = append(queue, 3);
    await turn();
    done(1);
    await third;
    expect(posted.map((message) => ('era' in message ? message.era : null))).toEqual([1, 2]);
  });
});

describe('a queue that is full', () => {
  it.each([
    ['rows', { rows: 3, bytes: 1e6 }],
    ['bytes', { rows: 1e6, bytes: 2_000 }],
  ])('of %s asks to wait, and says when there is room', async (_, bound) => {
    const { queue, done } = slow(bound);
    expect(queue.pressure()).toBeNull();
    const calls = [1, 2, 3].map((n) => append(queue, n));
    await turn();
    const room = queue.pressure();
    expect(room).toBeInstanceOf(Promise);
    let hasRoom = false;
    void room?.then(() => {
      hasRoom = true;
    });
    await turn();
    expect(hasRoom).toBe(false);
    done(3);
    await Promise.all(calls);
    await turn();
    expect([hasRoom, queue.pressure()]).toEqual([true, null]);
  });
});

describe('closing', () => {
  it('writes what was called before, and refuses what comes behind', async () => {
    const path = folder();
    const store = open(path);
    const written = store.append(batch({ events: [arrival(1)] }));
    const closed = store.close();
    await expect(store.append(batch({ events: [arrival(2)] }))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await Promise.all([written, closed]);
    expect(
      open(path).items({ gtin: null, locations: null, lifecycle: null, cursor: null, limit: 9 }).rows,
    ).toMatchObject([{ id: idOf(1) }]);
  });
});
