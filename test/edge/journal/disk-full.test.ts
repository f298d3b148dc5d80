import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/journal/connection.ts';
import { guardAll, guarded, storeFailure } from '../../../src/journal/failure.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { createHealthWatch, modesOf } from '../../../src/journal/health.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { createProbe } from '../../../src/journal/probe.ts';
import { createProductRows } from '../../../src/journal/product-rows.ts';
import { arrival, at, batch, createStores, idOf } from './store-fixture.ts';

const { folder, open } = createStores();
const full = expect.objectContaining({ code: 'STORE_FULL' });

describe('a full disk', () => {
  it('refuses what does not fit as STORE_FULL, shows in health, keeps what was written, and heals without a restart', async () => {
    const db = openDatabase(databaseFile(folder()));
    migrate(db, migrations, at);
    const probe = createProbe(db);
    const watch = createHealthWatch(db, {
      failing: false,
      damage: null,
      probe: async () => guarded(probe),
      commits: () => 0,
      modes: () => modesOf(db),
    });
    const products = guardAll(createProductRows(db), watch.failed);
    const names = (from: number) =>
      Array.from({ length: 200 }, (_, n) => ({
        gtin: `${from + n}`,
        sku: null,
        name: `product ${from + n} `.repeat(20),
      }));
    products.put(names(1_000));
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages + 2}`);
    expect(() => products.put(names(2_000))).toThrow(full);
    expect(products.get('2000')).toBeNull();
    expect(products.get('1199')).not.toBeNull();
    expect((await watch.health()).writable).toBe(false);
    expect(db.inTransaction).toBe(false);
    db.pragma('max_page_count = 1073741823');
    expect((await watch.health()).writable).toBe(true);
    products.put(names(2_000));
    expect(products.get('2000')).not.toBeNull();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

describe('a database that somebody else holds', () => {
  it('is STORE_UNAVAILABLE for a commit, of which nothing stays, and works again when it is free', async () => {
    const path = folder();
    const store = open(path);
    const other = new Database(databaseFile(path));
    other.exec('BEGIN IMMEDIATE');
    await expect(store.append(batch({ events: [arrival(1)] }))).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    );
    other.exec('ROLLBACK');
    other.close();
    expect((await store.append(batch({ events: [arrival(1)] }))).duplicates).toEqual([]);
    expect(store.lookUp(idOf(1))).not.toBeNull();
    expect((await store.health()).writable).toBe(true);
  });
});

describe('a database file that is taken away while the gateway runs', () => {
  it('is STORE_UNAVAILABLE for a commit, so that nothing is acknowledged into a file that nobody can open again', async () => {
    const path = folder();
    const store = open(path);
    const file = databaseFile(path);
    renameSync(file, `${file}.away`);
    const gone = expect.objectContaining({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('was removed'),
    });
    await expect(store.append(batch({ events: [arrival(1)] }))).rejects.toThrow(gone);
    expect((await store.health()).writable).toBe(false);
    new Database(file).exec('CREATE TABLE other (n INTEGER)').close();
    await expect(store.append(batch({ events: [arrival(1)] }))).rejects.toThrow(/was replaced/);
    expect((await store.health()).writable).toBe(false);
    renameSync(`${file}.away`, file);
    expect((await store.append(batch({ events: [arrival(1)] }))).duplicates).toEqual([]);
    expect((await store.health()).writable).toBe(true);
  });
});

describe('what SQLite or the system throws', () => {
  it.each([
    ['SQLITE_FULL', 'STORE_FULL'],
    ['ENOSPC', 'STORE_FULL'],
    ['EDQUOT', 'STORE_FULL'],
    ['SQLITE_BUSY', 'STORE_UNAVAILABLE'],
    ['SQLITE_BUSY_SNAPSHOT', 'STORE_UNAVAILABLE'],
    ['SQLITE_IOERR_FSYNC', 'STORE_UNAVAILABLE'],
    ['SQLITE_IOERR_WRITE', 'STORE_UNAVAILABLE'],
    ['SQLITE_READONLY_DBMOVED', 'STORE_UNAVAILABLE'],
    ['SQLITE_CANTOPEN', 'STORE_UNAVAILABLE'],
    ['SQLITE_CORRUPT', 'STORE_DAMAGED'],
    ['SQLITE_CORRUPT_VTAB', 'STORE_DAMAGED'],
    ['SQLITE_NOTADB', 'STORE_DAMAGED'],
    ['EACCES', 'STORE_UNAVAILABLE'],
  ])('%s is %s', (code, expected) => {
    const thrown = code.startsWith('SQLITE')
      ? new Database.SqliteError('as SQLite says it', code)
      : Object.assign(new Error('as the system says it'), { code });
    expect(storeFailure(thrown)).toMatchObject({ code: expected, cause: thrown });
  });

  it('and is neither stays what it is: a bug', () => {
    const constraint = new Database.SqliteError('UNIQUE', 'SQLITE_CONSTRAINT_UNIQUE');
    expect(storeFailure(constraint)).toBe(constraint);
    expect(storeFailure('text')).toBe('text');
  });
});
