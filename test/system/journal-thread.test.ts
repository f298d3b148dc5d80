import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/journal/index.ts';
import { anyItem, arrival, at, batch, customerEvent, idOf, observation } from '../edge/journal/store-values.ts';
import { eventually } from '../fakes/eventually.ts';

const thread = new URL('../../dist/journal/writer-thread.js', import.meta.url);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'silentgate-thread-'));
  closing.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function open(path: string): Store {
  const store = openStore({ folder: path, site: { id: 'taipei-xinyi' }, now: () => at, thread }, 'gateway');
  closing.push(() => store.close());
  return store;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A closed folder with so many items, each in the log. */
async function filled(items: number): Promise<string> {
  const path = folder();
  const store = open(path);
  const numbers = Array.from({ length: items }, (_, n) => n);
  await store.append(
    batch({ events: numbers.map((n) => arrival(n)), observations: numbers.map((n) => observation(n)) }),
  );
  await store.close();
  return path;
}

describe('the thread that writes looks through the database first', () => {
  it('and writes nothing of what waits where a page is damaged', async () => {
    const path = await filled(2_000);
    const file = join(path, 'silentgate.db');
    const db = new Database(file);
    const page = Number(db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'strangers'").pluck().get());
    db.close();
    const broken = readFileSync(file);
    broken.fill(0x5a, (page - 1) * 4096, page * 4096);
    writeFileSync(file, broken);
    const store = open(path);
    const refused = expect.objectContaining({
      code: 'STORE_DAMAGED',
      message: expect.stringMatching('silentgate restore'),
    });
    const outcomes = await Promise.allSettled([store.append(batch({ events: [arrival('new')] })), store.opened()]);
    expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: refused })));
    await expect(store.append(batch({ events: [arrival('later')] }))).rejects.toEqual(refused);
    await expect(store.backup(join(path, 'copy'))).rejects.toEqual(refused);
    expect(await store.health()).toMatchObject({ writable: false, damage: expect.stringMatching('is damaged') });
    await store.close();
    expect(readFileSync(file).equals(broken)).toBe(true);
  });

  it('and beside at stock, which keeps nobody from writing where it differs from the items', async () => {
    const path = await filled(10);
    const db = new Database(join(path, 'silentgate.db'));
    db.exec('UPDATE stock SET quantity = quantity + 1');
    db.close();
    const store = open(path);
    await store.opened();
    await eventually(async () => {
      expect((await store.health()).damage).toMatch(/Stock differs from the items in 1 lines/);
    });
    expect((await store.append(batch({ events: [arrival('new')] }))).seq).toBe(11);
  });

  it('and lets old sights go, which are not handed over even before that', async () => {
    const path = await filled(3);
    const options = {
      folder: path,
      site: { id: 'taipei-xinyi' },
      now: () => at + 86_400_000,
      lastSightsMs: 1_000,
      thread,
    };
    const store = openStore(options, 'gateway');
    closing.push(() => store.close());
    expect([store.presenceCount(), store.presencePage(null).rows]).toEqual([0, []]);
    await store.opened();
    expect(store.presences()).toEqual([]);
  });
});

describe('the thread that writes', () => {
  it('answers in order, and what it answered is seen by the connection that reads', async () => {
    const store = open(folder());
    const seqs = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const { seq } = await store.append(batch({ events: [arrival(n)] }));
        expect(store.lookUp(idOf(n))?.id).toBe(idOf(n));
        return seq;
      }),
    );
    expect(seqs).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(store.items(anyItem).rows).toHaveLength(50);
    expect(await store.health()).toMatchObject({ journalMode: 'wal', synchronous: 'FULL', writable: true, items: 50 });
  });

  it('commits what queued while the last commit ran as a few transactions', async () => {
    const store = open(folder());
    await store.append(batch({ events: [arrival('first')] }));
    const before = (await store.health()).commits;
    const long = store.append(batch({ events: Array.from({ length: 3_000 }, (_, n) => arrival(`long-${n}`)) }));
    const queued: Promise<unknown>[] = [];
    for (let n = 0; n < 100; n++) {
      queued.push(store.append(batch({ events: [arrival(n)] })));
      await turn();
    }
    await Promise.all([long, ...queued]);
    const transactions = (await store.health()).commits - before;
    expect(transactions).toBeGreaterThan(0);
    expect(transactions).toBeLessThan(50);
    expect(store.lastSeq()).toBe(3_101);
  });

  it('rejects only the call whose error is its own, with its code', async () => {
    const store = open(folder());
    const consent = { given: true, textVersion: null, at, source: null };
    await store.customers.put({ customer: 'crm-1', consent }, ['card']);
    const [, conflict, behind] = await Promise.allSettled([
      store.append(batch({ events: [arrival(1)] })),
      store.customers.put({ customer: 'crm-2', consent }, ['card']),
      store.append(batch({ events: [arrival(2)] })),
    ]);
    expect(conflict).toMatchObject({ status: 'rejected', reason: { name: 'GatewayError', code: 'CONFLICT' } });
    expect(behind?.status).toBe('fulfilled');
  });

  it('fails all that share a transaction and all behind it, and goes on when it can', async () => {
    const path = folder();
    const store = open(path);
    await store.append(batch({ events: [arrival(1)] }));
    const other = new Database(join(path, 'silentgate.db'));
    other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON log WHEN new.kind = 2
      BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`);
    const heard: string[] = [];
    store.failed(() => heard.push('failed'));
    const calls = [
      store.append(batch({ events: [arrival(2)] })),
      store.append(batch({ customerEvents: [customerEvent('c1', 'crm-7')] })),
      store.putProducts([{ gtin: '04710088000019', sku: null, name: 'x' }]),
    ].map((call, n) => call.catch(() => heard.push(`call ${n}`)));
    await Promise.all(calls);
    expect(heard).toEqual(['failed', 'call 0', 'call 1', 'call 2']);
    expect([store.lastSeq(), store.lookUp(idOf(2)), store.productsEmpty()]).toEqual([1, null, true]);
    other.exec('DROP TRIGGER refuse');
    other.close();
    expect((await store.append(batch({ events: [arrival(2)] }))).seq).toBe(2);
    expect(store.lookUp(idOf(2))).not.toBeNull();
  });

  it('is STORE_UNAVAILABLE for all while somebody else holds the database, and well again after', async () => {
    const path = folder();
    const store = open(path);
    // what a start writes is written
    await store.opened();
    const other = new Database(join(path, 'silentgate.db'));
    other.exec('BEGIN IMMEDIATE');
    const refused = await Promise.allSettled([1, 2].map((n) => store.append(batch({ events: [arrival(n)] }))));
    for (const one of refused) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } });
    other.exec('ROLLBACK');
    other.close();
    expect(store.lastSeq()).toBe(0);
    expect(await store.health()).toMatchObject({ writable: true });
    expect((await store.append(batch({ events: [arrival(1)] }))).seq).toBe(1);
  });

  it('copies the database while it commits', async () => {
    const path = folder();
    const store = open(path);
    await store.append(batch({ events: Array.from({ length: 2_000 }, (_, n) => arrival(`before-${n}`)) }));
    let committed = 0;
    const copying = store.backup(join(folder(), 'shop.backup')).finally(() => {
      committed = -1;
    });
    while (committed >= 0) await store.append(batch({ events: [arrival(`during-${committed++}`)] }));
    await copying;
    await store.close();
    closing.pop();
    const db = new Database(join(path, 'silentgate.db'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });

  it('is written to by what was called before the close, which waits for it', async () => {
    const path = folder();
    const store = open(path);
    const written = Promise.all(Array.from({ length: 20 }, (_, n) => store.append(batch({ events: [arrival(n)] }))));
    await store.close();
    await written;
    expect(open(path).lastSeq()).toBe(20);
  });
});

describe('a process that is killed in the middle of group commits', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('has on disk all that it said, each once', async () => {
    const path = folder();
    const file = join(import.meta.dirname, 'journal-thread.child.ts');
    const said: number[] = [];
    for (let kill = 0; kill < 4; kill++) {
      const args = ['--import', 'tsx', file, path, String(kill * 1_000_000), thread.href];
      const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      const lines = createInterface({ input: child.stdout });
      const enough = said.length + 300 + kill * 77;
      const gone = new Promise((resolve) => lines.once('close', resolve));
      await new Promise<void>((resolve) => {
        lines.on('line', (line) => {
          said.push(Number(line));
          if (said.length === enough) resolve();
        });
      });
      child.kill('SIGKILL');
      await gone;
    }
    const store = open(path);
    expect(said.filter((n) => store.lookUp(idOf(n)) === null)).toEqual([]);
    expect(store.checkStock()).toEqual([]);
    expect((await store.health()).damage).toBeNull();
  });
});

describe('a writing thread that dies', () => {
  it('ends the process with a plain word, and promises nothing', async () => {
    const path = folder();
    const broken = join(path, 'broken-thread.mjs');
    writeFileSync(
      broken,
      `import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => { throw new Error('broken by the test'); });\n`,
    );
    const file = join(import.meta.dirname, 'journal-thread.child.ts');
    const args = ['--import', 'tsx', file, join(path, 'data'), '0', pathToFileURL(broken).href];
    const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.stderr.on('data', (text) => {
      err += String(text);
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('the thread that writes the database ended: broken by the test');
  });
});
