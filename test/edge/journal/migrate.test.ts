import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { migrate, schemaVersion } from '../../../src/journal/migrate.ts';
import { type Migration, migrations } from '../../../src/journal/migrations/index.ts';
import { arrival, at, batch, createStores, idOf } from './store-fixture.ts';

const { folder, open } = createStores();
const next = migrations.length + 1;
const step = (sql: string): Migration[] => [...migrations, { version: next, name: 'test', sql }];

/** A database of the present schema with data, closed. */
async function filled(): Promise<string> {
  const path = folder();
  const store = open(path);
  await store.append(batch({ events: [arrival(1), arrival(2)] }));
  await store.close();
  return path;
}

describe('the schema', () => {
  it('counts its steps up by one, and every file of the folder is a step', () => {
    expect(migrations.map((one) => one.version)).toEqual(migrations.map((_, n) => n + 1));
    const files = readdirSync(join(import.meta.dirname, '../../../src/journal/migrations')).filter((name) =>
      /^\d/.test(name),
    );
    expect(files.sort()).toEqual(migrations.map((one) => `${String(one.version).padStart(4, '0')}-${one.name}.ts`));
  });

  it('is upgraded after a verified copy was put aside', async () => {
    const file = databaseFile(await filled());
    const db = openDatabase(file);
    const { backup } = migrate(db, step('ALTER TABLE items ADD COLUMN colour TEXT'), at);
    expect(schemaVersion(db)).toBe(next);
    expect(db.prepare('SELECT count(colour) AS n FROM items').get()).toEqual({ n: 0 });
    db.close();
    expect(backup).toBe(`${file}.before-v${next}-20261121T090000Z`);
    const copy = new Database(backup ?? '', { readonly: true });
    expect(schemaVersion(copy)).toBe(migrations.length);
    expect(copy.prepare('SELECT count(*) FROM items').pluck().get()).toBe(2);
    copy.close();
  });

  it('of the second version is upgraded: its keys are of the API and bound to no reader', () => {
    const path = folder();
    const db = openDatabase(databaseFile(path));
    migrate(db, migrations.slice(0, 2), at);
    db.prepare(
      "INSERT INTO api_keys (id, name, scopes, secret_hash, created_at) VALUES ('k1', 'till', '[\"stock:read\"]', 'h', ?)",
    ).run(at);
    db.close();
    expect(open(path).keys.byHash('h')).toEqual({
      id: 'k1',
      name: 'till',
      kind: 'http',
      scopes: ['stock:read'],
      readers: [],
      createdAt: at,
      lastUsedAt: null,
      revokedAt: null,
    });
  });

  it('of the first version is upgraded: its persons and items are known, and erasing works on it', async () => {
    const path = folder();
    const db = openDatabase(databaseFile(path));
    migrate(db, migrations.slice(0, 1), at);
    db.prepare("INSERT INTO customers (customer, given, at) VALUES ('crm-7', 1, ?)").run(at);
    db.close();
    const store = open(path);
    expect((await store.health()).schemaVersion).toBe(migrations.length);
    expect(readdirSync(path).filter((name) => name.includes(`before-v${migrations.length}`))).toHaveLength(1);
    await store.customers.put({ customer: 'crm-7', consent: { given: true, textVersion: null, at, source: null } }, [
      'card',
    ]);
    expect((await store.customers.erase('crm-7')).rows).toBe(2);
    expect(store.customers.byToken('card')?.consent.given).toBe(false);
  });

  it('needs no copy for a new database', () => {
    const path = folder();
    open(path);
    expect(readdirSync(path).filter((name) => name.includes('before'))).toEqual([]);
  });

  it('stays whole when a step fails in its middle, and the older program still starts', async () => {
    const path = await filled();
    const db = openDatabase(databaseFile(path));
    const broken = step('CREATE TABLE half (a); UPDATE items SET lifecycle = NULL; CREATE TABLE rest (b)');
    expect(() => migrate(db, broken, at)).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('.before-v') }),
    );
    expect(schemaVersion(db)).toBe(migrations.length);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'rest')").pluck().get()).toBe(0);
    db.close();
    expect(open(path).lookUp(idOf(2))?.lifecycle).toBe('IN_STOCK');
  });

  it('stays whole when there is no space for the copy or the step', async () => {
    const path = await filled();
    const db = openDatabase(databaseFile(path));
    const pages = db.pragma('page_count', { simple: true });
    db.pragma(`max_page_count = ${pages}`);
    const large = step('CREATE TABLE large (a BLOB); INSERT INTO large VALUES (zeroblob(1000000))');
    expect(() => migrate(db, large, at)).toThrow(expect.objectContaining({ code: 'STORE_FULL' }));
    db.close();
    expect(open(path).lookUp(idOf(1))).not.toBeNull();
  });

  it('stays whole when the process is killed at any statement of a step', async () => {
    const path = await filled();
    for (const statement of [0, 1, 2]) {
      const killed = spawnSync('node', [
        '--import',
        'tsx',
        join(import.meta.dirname, 'migrating-child.ts'),
        path,
        `${statement}`,
      ]);
      expect(killed.signal).toBe('SIGKILL');
      const store = open(path);
      expect((await store.health()).schemaVersion).toBe(migrations.length);
      expect((await store.health()).items).toBe(2);
      await store.close();
    }
  }, 120_000);

  it('of a newer program is refused in plain words and not touched', async () => {
    const path = await filled();
    const db = openDatabase(databaseFile(path));
    db.pragma(`user_version = ${next}`);
    db.close();
    for (const mode of ['gateway', 'tool'] as const)
      expect(() => open(path, { mode })).toThrow(expect.objectContaining({ code: 'STORE_NEWER' }));
    const after = openDatabase(databaseFile(path));
    expect(schemaVersion(after)).toBe(next);
    after.close();
  });

  it('is not upgraded by a tool while a gateway holds the folder', async () => {
    const path = folder();
    const gateway = open(path);
    const db = openDatabase(databaseFile(path));
    db.pragma('user_version = 0');
    expect(() => open(path, { mode: 'tool' })).toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }));
    db.pragma(`user_version = ${migrations.length}`);
    db.close();
    expect((await gateway.health()).writable).toBe(true);
  });
});
