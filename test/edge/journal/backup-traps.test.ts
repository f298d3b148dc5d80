import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { restoreBackup } from '../../../src/journal/index.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { arrival, at, batch, createStores } from './store-fixture.ts';

const { folder, open } = createStores();
const site = 'taipei-xinyi';
const restore = (file: string, path: string, more: { site?: string; adopt?: boolean } = {}) =>
  restoreBackup(file, { folder: path, site, adopt: false, now: at, ...more });
const invalid = (text: string) =>
  expect.objectContaining({ code: 'BACKUP_INVALID', message: expect.stringContaining(text) });
const otherSite = expect.objectContaining({ code: 'STORE_OTHER_SITE' });

/** A closed data folder with one event, and a backup of it. */
async function backedUp(): Promise<{ path: string; file: string }> {
  const path = folder();
  const file = join(folder(), 'shop.backup');
  const store = open(path);
  await store.append(batch({ events: [arrival(1)] }));
  await store.backup(file);
  await store.close();
  return { path, file };
}

/** What a hostile or careless hand did to a backup of ours; its header stays ours. */
const spoilt: readonly [string, string, string][] = [
  ['a trigger', 'CREATE TRIGGER spy AFTER INSERT ON log BEGIN DELETE FROM items; END', 'it also has the trigger spy'],
  [
    'a trigger under a name that is like those of SQLite’s statistics',
    'CREATE TRIGGER sqlitezstat1 AFTER INSERT ON log BEGIN DELETE FROM items; END',
    'it also has the trigger sqlitezstat1',
  ],
  ['a table under such a name', 'CREATE TABLE SQLITEXSTAT (a)', 'it also has the table SQLITEXSTAT'],
  ['a view', 'CREATE VIEW v AS SELECT 1', 'it also has the view v'],
  ['a table', 'CREATE TABLE more (a)', 'it also has the table more'],
  ['an index', 'CREATE UNIQUE INDEX extra ON stock (gtin)', 'it also has the index extra'],
  ['a column', 'ALTER TABLE stock ADD COLUMN price INTEGER', 'the table stock is another'],
  ['no trigger of ours', 'DROP TRIGGER outbox_added', 'the trigger outbox_added is missing'],
  ['no index of ours', 'DROP INDEX items_other_gtin', 'the index items_other_gtin is missing'],
  [
    'another trigger under our name',
    'DROP TRIGGER outbox_added; CREATE TRIGGER outbox_added AFTER INSERT ON outbox BEGIN SELECT 1; END',
    'the trigger outbox_added is another',
  ],
  [
    'a table without its constraint',
    'DROP TABLE stock; CREATE TABLE stock (gtin TEXT, location TEXT, bucket TEXT, quantity INTEGER)',
    'the table stock is another',
  ],
  [
    'a view in the place of a table',
    'DROP TABLE stock; CREATE VIEW stock AS SELECT 1 AS gtin',
    'the table stock is missing',
  ],
];

describe('a restore of a file with our header', () => {
  it.each(spoilt)('and %s is refused, with what differs, and the database stays', async (_, sql, text) => {
    const { path, file } = await backedUp();
    const db = new Database(file);
    db.exec(sql);
    db.close();
    expect(() => restore(file, path)).toThrow(invalid(text));
    expect(readdirSync(path).filter((name) => name.includes('restor'))).toEqual([]);
    expect((await open(path).health()).events).toBe(1);
  });

  it('and a trigger under the very name of SQLite’s statistics is refused, and the statistics themselves are taken', async () => {
    const { path, file } = await backedUp();
    const db = new Database(file);
    db.exec('ANALYZE');
    db.close();
    expect(restore(file, path)).not.toBeNull();
    const hostile = new Database(file);
    hostile.unsafeMode(true);
    hostile.pragma('writable_schema = ON');
    hostile.exec(`CREATE TRIGGER spy AFTER INSERT ON log BEGIN DELETE FROM items; END;
      UPDATE sqlite_master SET name = 'sqlite_stat9', sql = replace(sql, 'spy', 'sqlite_stat9') WHERE name = 'spy'`);
    hostile.close();
    expect(() => restore(file, path)).toThrow(invalid('it also has the trigger sqlite_stat9'));
  });

  it('and texts in UTF-16 is refused', async () => {
    const { path, file } = await backedUp();
    const other = join(folder(), 'utf16');
    const db = new Database(other);
    db.pragma("encoding = 'UTF-16'");
    for (const step of migrations) db.exec(step.sql);
    db.pragma(`application_id = ${0x53475731}`);
    db.pragma(`user_version = ${migrations.length}`);
    db.close();
    copyFileSync(`${file}.key`, `${other}.key`);
    expect(() => restore(other, path)).toThrow(invalid('UTF-8'));
  });

  it('and an older schema is taken, and upgraded at the next start', async () => {
    const path = folder();
    const file = join(folder(), 'old.backup');
    const db = openDatabase(file);
    migrate(db, migrations.slice(0, 1), at);
    db.pragma('journal_mode = DELETE');
    db.close();
    expect(restore(file, path)).toBeNull();
    expect((await open(path).health()).schemaVersion).toBe(migrations.length);
  });

  it('and the newer schema’s number on the older tables is refused', () => {
    const path = folder();
    const file = join(folder(), 'old.backup');
    const db = openDatabase(file);
    migrate(db, migrations.slice(0, 1), at);
    db.pragma('journal_mode = DELETE');
    db.pragma(`user_version = ${migrations.length}`);
    db.close();
    expect(() => restore(file, path)).toThrow(invalid('is missing'));
  });
});

describe('a restore of what is no backup file', () => {
  it('refuses a FIFO and a device without waiting', async () => {
    const { path } = await backedUp();
    const fifo = join(folder(), 'fifo');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    expect(() => restore(fifo, path)).toThrow(invalid('no such file'));
    expect(() => restore('/dev/zero', path)).toThrow(invalid('no such file'));
    expect(() => restore(path, path)).toThrow(invalid('no such file'));
  });

  it('takes a link to a backup, and refuses the folder’s own database by any name', async () => {
    const { path, file } = await backedUp();
    const link = join(folder(), 'latest');
    symlinkSync(file, link);
    expect(restore(link, path)).not.toBeNull();
    const own = invalid('the very database');
    expect(() => restore(databaseFile(path), path)).toThrow(own);
    rmSync(link);
    symlinkSync(databaseFile(path), link);
    expect(() => restore(link, path)).toThrow(own);
    const hard = join(folder(), 'hard');
    linkSync(databaseFile(path), hard);
    expect(() => restore(hard, path)).toThrow(own);
  });

  it('refuses a database that was copied from under a gateway, whose newest commits are in the log beside it', async () => {
    const { path } = await backedUp();
    const copy = join(folder(), 'copy.db');
    const store = open(path);
    await store.append(batch({ events: [arrival(2)] }));
    copyFileSync(databaseFile(path), copy);
    copyFileSync(`${databaseFile(path)}-wal`, `${copy}-wal`);
    copyFileSync(join(path, 'token.key'), `${copy}.key`);
    expect(() => restore(copy, folder())).toThrow(invalid(`${copy}-wal lies beside it`));
  });

  it('refuses a file that is larger than the room there is, before a byte is copied', async () => {
    const { path, file } = await backedUp();
    const { bavail, bsize } = statfsSync(path);
    truncateSync(file, bavail * bsize + 2 ** 30);
    expect(() => restore(file, path)).toThrow(expect.objectContaining({ code: 'STORE_FULL' }));
    expect(readdirSync(path).filter((name) => name.includes('restor'))).toEqual([]);
  });
});

describe('a restore of another site', () => {
  it('is refused, and with adopt becomes this site’s', async () => {
    const { path, file } = await backedUp();
    const target = folder();
    expect(() => restore(file, target, { site: 'branch-2' })).toThrow(otherSite);
    expect(existsSync(databaseFile(target))).toBe(false);
    expect(() => restore(file, path, { site: 'branch-2' })).toThrow(otherSite);
    expect(restore(file, path, { site: 'branch-2', adopt: true })).not.toBeNull();
    expect(() => open(path)).toThrow(otherSite);
    expect((await open(path, { site: 'branch-2' }).health()).events).toBe(1);
  });

  it('keeps the key of the database that it sets aside, so that it can be put back', async () => {
    const first = await backedUp();
    const second = await backedUp();
    const aside = restore(second.file, first.path) ?? '';
    expect(readFileSync(`${aside}.key`)).toEqual(readFileSync(`${first.file}.key`));
    restore(aside, first.path);
    expect((await open(first.path).health()).events).toBe(1);
  });
});

describe('a backup', () => {
  const refused = (text: string) =>
    expect.objectContaining({ code: 'CONFLICT', message: expect.stringContaining(text) });

  it('is not written into a data folder, by whatever name it is called', async () => {
    const { path, file } = await backedUp();
    const store = open(path);
    const link = join(folder(), 'link');
    symlinkSync(path, link);
    const there = refused('lies in a data folder');
    for (const name of [
      join(path, 'silentgate.db'),
      join(path, 'x.db'),
      join(path, 'import', '..', 'x.db'),
      join(link, 'x.db'),
      `${path}/./token.key`,
    ]) {
      mkdirSync(join(path, 'import'), { recursive: true });
      await expect(store.backup(name), name).rejects.toEqual(there);
    }
    await expect(store.backup(path)).rejects.toMatchObject({ code: 'CONFLICT' });
    const other = folder();
    await open(other).close();
    await expect(store.backup(join(other, 'x.db'))).rejects.toEqual(there);
    const hard = join(folder(), 'hard');
    linkSync(databaseFile(path), hard);
    await expect(store.backup(hard)).rejects.toEqual(refused('second name'));
    const soft = join(folder(), 'soft');
    symlinkSync(databaseFile(path), soft);
    await expect(store.backup(soft)).rejects.toEqual(refused('symbolic link'));
    expect(await store.health()).toMatchObject({ events: 1, writable: true, damage: null });
    await store.backup(file);
  });

  it('replaces no file that is no backup, and no key that is no key of a backup', async () => {
    const { path } = await backedUp();
    const store = open(path);
    const letter = join(folder(), 'letter.txt');
    writeFileSync(letter, 'dear all');
    await expect(store.backup(letter)).rejects.toEqual(refused('no backup of Silentgate'));
    const foreign = join(folder(), 'foreign.db');
    new Database(foreign).exec('CREATE TABLE other (a)').close();
    await expect(store.backup(foreign)).rejects.toEqual(refused('no backup of Silentgate'));
    const server = join(folder(), 'server');
    writeFileSync(`${server}.key`, '-----BEGIN PRIVATE KEY-----\n'.repeat(4));
    await expect(store.backup(server)).rejects.toEqual(refused(`${server}.key`));
    await expect(store.backup(folder())).rejects.toEqual(refused('no file'));
    expect(readFileSync(letter, 'utf8')).toBe('dear all');
    const empty = join(folder(), 'held-place');
    writeFileSync(empty, '');
    await store.backup(empty);
    expect(readdirSync(join(empty, '..')).sort()).toEqual(['held-place', 'held-place.key']);
  });
});
