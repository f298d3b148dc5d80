import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDurable, openDatabase } from '../../../src/journal/connection.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { createStores, idOf } from './store-fixture.ts';

const { folder, open } = createStores();
const child = join(import.meta.dirname, 'committing-child.ts');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const one of children.splice(0)) one.kill('SIGKILL');
});

/** A process that commits arrivals from `first` on and says each number when it is on disk. */
function commitFrom(
  path: string,
  first: number,
): { said: number[]; ready: Promise<void>; gone: Promise<void>; process: ChildProcess } {
  const process = spawn('node', ['--import', 'tsx', child, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(process);
  const said: number[] = [];
  const lines = createInterface({ input: process.stdout });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(Number(line));
      resolve();
    });
  });
  const gone = new Promise<void>((resolve) => lines.once('close', resolve));
  return { said, ready, gone, process };
}

describe('the database file', () => {
  it('is in the durable mode, read back', async () => {
    const path = folder();
    const store = open(path);
    expect(await store.health()).toMatchObject({
      journalMode: 'wal',
      synchronous: 'FULL',
      writable: true,
      schemaVersion: migrations.length,
    });
    expect((await store.health()).bytes).toBeGreaterThan(0);
  });

  it('waits three seconds for a tool’s commit, and no longer', () => {
    const db = openDatabase(join(folder(), 'x.db'));
    expect(db.pragma('busy_timeout', { simple: true })).toBe(3_000);
    db.close();
  });

  it.each(['synchronous = NORMAL', 'journal_mode = DELETE', 'foreign_keys = OFF', 'secure_delete = OFF'])(
    'is refused as unsafe with %s',
    (pragma) => {
      const db = openDatabase(join(folder(), 'x.db'));
      db.pragma(pragma);
      expect(() => checkDurable(db)).toThrow(expect.objectContaining({ code: 'STORE_UNSAFE' }));
      db.close();
    },
  );

  it('that is no database, or stands where none can be made, is refused in plain words', () => {
    const path = folder();
    writeFileSync(
      join(path, 'silentgate.db'),
      'this is a text file, and long enough to be looked at as a page header. '.repeat(20),
    );
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    const other = folder();
    mkdirSync(join(other, 'silentgate.db'));
    expect(() => open(other)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
  });
});

describe('kill -9', () => {
  it('at any moment loses no acknowledged commit, and the next start needs no hand', async () => {
    const path = folder();
    const acknowledged: number[] = [];
    for (let round = 0; round < 8; round++) {
      const run = commitFrom(path, round * 1_000_000);
      await run.ready;
      await new Promise((resolve) => setTimeout(resolve, 5 + round * 9));
      run.process.kill('SIGKILL');
      await run.gone;
      acknowledged.push(...run.said);
      const store = open(path);
      const events = (await store.health()).events;
      expect(acknowledged.filter((n) => store.lookUp(idOf(n)) === null)).toEqual([]);
      expect(store.checkStock()).toEqual([]);
      expect(store.countFacts(0, store.lastSeq())).toMatchObject([{ type: 'item.arrived', count: events }]);
      expect(store.presences()).toHaveLength(events);
      expect(
        store.stock({ gtin: null, sku: null, locations: null, bucket: null, q: null, cursor: null, limit: 9 }).rows[0]
          ?.quantity,
      ).toBe(events);
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThan(8);
    const db = new Database(join(path, 'silentgate.db'));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  }, 120_000);
});

describe('the folder', () => {
  it('is refused to a second gateway, which hears who holds it, and is free the moment the first is killed', async () => {
    const path = folder();
    const first = commitFrom(path, 0);
    await first.ready;
    expect(() => open(path)).toThrow(
      expect.objectContaining({
        code: 'STORE_LOCKED',
        message: expect.stringContaining(`process ${first.process.pid}`),
      }),
    );
    const tool = open(path, { mode: 'tool' });
    await tool.keys.create({
      id: 'k',
      name: 'ci',
      kind: 'http',
      scopes: ['stock:read'],
      readers: [],
      secretHash: 'h',
      at: 1,
    });
    await tool.close();
    first.process.kill('SIGKILL');
    await first.gone;
    expect(open(path).keys.byHash('h')?.name).toBe('ci');
  });

  it('is refused to a second gateway inside one process too, and free after a clean stop', async () => {
    const path = folder();
    const first = open(path);
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }));
    expect(readFileSync(join(path, 'gateway.pid'), 'utf8').trim()).toBe(String(process.pid));
    await first.close();
    open(path);
  });
});
