import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type RestoreOptions, restoreBackup, type Store } from '../../../src/journal/index.ts';
import { arrival, at, batch, createStores, idOf } from './store-fixture.ts';

const { folder, open } = createStores();
/** For the site of the fixtures; `more` says what differs. */
const restore = (file: string, path: string, more: Partial<RestoreOptions> = {}) =>
  restoreBackup(file, { folder: path, site: 'taipei-xinyi', adopt: false, now: at, ...more });
const invalid = expect.objectContaining({ code: 'BACKUP_INVALID' });

/** Commits arrivals until told to stop; gives the loop a turn after each. */
function keepCommitting(store: Store): { stop: () => Promise<number> } {
  let n = 0;
  let on = true;
  const done = (async () => {
    while (on) {
      await store.append(batch({ events: Array.from({ length: 20 }, () => arrival(n++)) }));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  return {
    stop: () => {
      on = false;
      return done.then(() => n);
    },
  };
}

describe('a backup', () => {
  it.each(['gateway', 'tool'] as const)(
    'by a %s while events arrive is a consistent point that can be restored',
    async (mode) => {
      const path = folder();
      const store = open(path);
      await store.customers.put({ customer: 'crm-7', consent: { given: true, textVersion: null, at, source: null } }, [
        'card',
      ]);
      await store.append(batch({ events: Array.from({ length: 3_000 }, (_, n) => arrival(`before-${n}`)) }));
      const file = join(folder(), 'shop.backup');
      const work = keepCommitting(store);
      const writer = mode === 'gateway' ? store : open(path, { mode });
      await writer.backup(file);
      const committed = await work.stop();
      expect(committed).toBeGreaterThan(0);
      expect(statSync(file).mode & 0o077).toBe(0);
      expect(readdirSync(join(file, '..')).sort()).toEqual(['shop.backup', 'shop.backup.key']);

      const elsewhere = join(folder(), 'new', 'data');
      expect(restore(file, elsewhere)).toBeNull();
      const restored = open(elsewhere);
      const { events, items } = await restored.health();
      expect(events).toBeGreaterThanOrEqual(3_000);
      expect(events).toBeLessThanOrEqual(3_000 + committed);
      expect(items).toBe(events);
      expect(restored.checkStock()).toEqual([]);
      expect(restored.countFacts(0, restored.lastSeq())).toMatchObject([{ type: 'item.arrived', count: events }]);
      expect(restored.customers.byToken('card')?.customer).toBe('crm-7');
      await restored.append(batch({ events: [arrival('after')] }));
    },
  );

  it('takes the place of an older one, and leaves the older one when it fails', async () => {
    const store = open(folder());
    const file = join(folder(), 'shop.backup');
    await store.backup(file);
    await store.append(batch({ events: [arrival(1)] }));
    await store.backup(file);
    const before = readFileSync(file);
    rmSync(`${file}.key`);
    mkdirSync(`${file}.key`);
    await expect(store.backup(file)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(readdirSync(join(file, '..')).sort()).toEqual(['shop.backup', 'shop.backup.key']);
    expect(readFileSync(file)).toEqual(before);
    await expect(store.backup(join(folder(), 'no', 'such', 'folder'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });
});

describe('a restore', () => {
  /** A folder with one event and its backup; the folder then gets a second event. */
  async function backedUp(): Promise<{ path: string; file: string }> {
    const path = folder();
    const file = join(folder(), 'b.backup');
    const store = open(path);
    await store.append(batch({ events: [arrival(1)] }));
    await store.backup(file);
    await store.append(batch({ events: [arrival(2)] }));
    await store.close();
    return { path, file };
  }

  it('keeps what was there under another name, which is itself a whole database', async () => {
    const { path, file } = await backedUp();
    const aside = restore(file, path);
    expect(aside).toBe(join(path, 'silentgate.db.before-restore-20261121T090000Z'));
    const store = open(path);
    expect([store.lookUp(idOf(1))?.id, store.lookUp(idOf(2))]).toEqual([idOf(1), null]);
    await store.close();
    const old = new Database(aside ?? '', { readonly: true });
    expect(old.prepare('SELECT count(*) FROM items').pluck().get()).toBe(2);
    old.close();
    expect(readdirSync(path).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('lets nobody in again: no session that it holds, and no key that was revoked since', async () => {
    const path = folder();
    const file = join(folder(), 'b.backup');
    const store = open(path);
    const key = { name: 'till', kind: 'http', scopes: ['stock:read'], readers: [], at } as const;
    for (const id of ['lost', 'kept']) await store.keys.create({ ...key, id, secretHash: `hash of ${id}` });
    const session = { tokenHash: 'staff', name: 'Mei', scopes: [], keyHash: null, expiresAt: at + 3_600_000 };
    await store.sessions.put(session);
    await store.backup(file);
    await store.sessions.remove('staff');
    await store.keys.revoke('lost', at + 1);
    await store.close();
    restore(file, path);
    const restored = open(path);
    expect(restored.sessions.all()).toEqual([]);
    expect(restored.keys.live('lost')).toBeNull();
    expect(restored.keys.list().find(({ id }) => id === 'lost')?.revokedAt).toBe(at + 1);
    expect(restored.keys.live('kept')?.id).toBe('kept');
  });

  it('is refused while a gateway runs', async () => {
    const { path, file } = await backedUp();
    const store = open(path);
    expect(() => restore(file, path)).toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }));
    expect(store.lookUp(idOf(2))?.id).toBe(idOf(2));
  });

  it('refuses what is no sound backup and leaves the database as it was', async () => {
    const { path, file } = await backedUp();
    const bad = join(folder(), 'bad');
    const refused = async (why: string | RegExp = /cannot be used/) => {
      expect(() => restore(bad, path)).toThrow(invalid);
      expect(() => restore(bad, path)).toThrow(why);
      const store = open(path);
      expect((await store.health()).events).toBe(2);
      await store.close();
      expect(readdirSync(path).filter((name) => /restor/.test(name))).toEqual([]);
    };
    await refused();
    mkdirSync(bad);
    await refused();
    rmSync(bad, { recursive: true });
    writeFileSync(bad, '');
    await refused();
    writeFileSync(bad, 'no database at all'.repeat(500));
    await refused('it is no readable database');
    const whole = readFileSync(file);
    writeFileSync(bad, whole.subarray(0, whole.length / 2));
    await refused();
    writeFileSync(bad, Buffer.concat([whole.subarray(0, 100), Buffer.alloc(8_092, 0x5a)]));
    await refused('it is no readable database');
    const damaged = Buffer.from(whole);
    damaged.fill(0x5a, 8192, 40_000);
    writeFileSync(bad, damaged);
    await refused();
    rmSync(bad);
    new Database(bad).exec('CREATE TABLE other (a)').close();
    await refused();
  });

  it('refuses a backup of a newer program', async () => {
    const { path, file } = await backedUp();
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    expect(() => restore(file, path)).toThrow(invalid);
  });

  it('needs the token key: the one beside the backup, or the folder’s own', async () => {
    const { path, file } = await backedUp();
    rmSync(`${file}.key`);
    expect(() => restore(file, folder())).toThrow(invalid);
    restore(file, path);
    expect(existsSync(join(path, 'token.key'))).toBe(true);
    open(path);
  });

  it('takes the place of a damaged database, which is kept', async () => {
    const { path, file } = await backedUp();
    writeFileSync(join(path, 'silentgate.db'), 'damaged beyond reading '.repeat(400));
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    const aside = restore(file, path);
    expect(readFileSync(aside ?? '', 'utf8')).toContain('damaged beyond reading');
    expect((await open(path).health()).events).toBe(1);
  });
});
