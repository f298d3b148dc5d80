import { copyFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { databaseFile } from '../../../src/journal/files.ts';
import type { Store } from '../../../src/journal/index.ts';
import { GatewayError } from '../../../src/kit/index.ts';
import { arrival, batch, createStores, idOf } from './store-fixture.ts';

const { folder, open } = createStores();
const stockQuery = { gtin: null, sku: null, locations: null, bucket: null, q: null, cursor: null, limit: 1000 };
const flips = Number(process.env['SILENTGATE_FLIPS'] ?? 120);
const seed = Number(process.env['SILENTGATE_SEED'] ?? 20261130);

/** A generator of numbers below one [mulberry32], so that a failing offset can be tried again. */
function numbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A closed data folder with 300 items of several products. */
async function filled(): Promise<string> {
  const path = folder();
  const store = open(path);
  await store.putProducts(
    Array.from({ length: 40 }, (_, n) => ({
      gtin: `0471234567${n}8904`.slice(-14),
      sku: `s-${n}`,
      name: `product ${n}`,
    })),
  );
  await store.append(batch({ events: Array.from({ length: 300 }, (_, n) => arrival(n)) }));
  await store.close();
  return path;
}

function copyOf(path: string): string {
  const copy = folder();
  for (const name of ['silentgate.db', 'token.key']) copyFileSync(join(path, name), join(copy, name));
  return copy;
}

type Outcome = { readonly refused: string | null; readonly stock: string; readonly isSaid: boolean };

/** What a gateway makes of a folder: refuses it by a code, or serves stock, and whether health says that something is wrong. */
async function outcomeOf(path: string): Promise<Outcome> {
  let store: Store;
  try {
    store = open(path);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { refused: error.code, stock: '', isSaid: true };
  }
  try {
    const stock = JSON.stringify(
      store.stock(stockQuery).rows.map(({ gtin, location, bucket, quantity }) => [gtin, location, bucket, quantity]),
    );
    for (const { id } of store.items({ gtin: null, locations: null, lifecycle: null, cursor: null, limit: 1000 }).rows)
      store.lookUp(id);
    return { refused: null, stock, isSaid: (await store.health()).damage !== null };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { refused: error.code, stock: '', isSaid: (await store.health()).damage !== null };
  } finally {
    await store.close();
  }
}

function flipped(whole: Buffer, random: () => number, below: number) {
  const offset = Math.floor(random() * below);
  const bit = 1 << Math.floor(random() * 8);
  const broken = Buffer.from(whole);
  broken[offset] = (broken[offset] ?? 0) ^ bit;
  return { offset, bit, broken };
}

describe('a database in which a byte was flipped', () => {
  it(`is refused in plain words, or its stock is right, or health says it: ${flips} places by seed ${seed}`, async () => {
    const path = await filled();
    const right = (await outcomeOf(copyOf(path))).stock;
    const whole = readFileSync(databaseFile(path));
    const random = numbers(seed);
    const silent: string[] = [];
    const refused: string[] = [];
    const copy = copyOf(path);
    for (let n = 0; n < flips; n++) {
      const { offset, bit, broken } = flipped(whole, random, n < 20 ? 100 : whole.length);
      writeFileSync(databaseFile(copy), broken);
      const outcome = await outcomeOf(copy);
      if (outcome.refused !== null) refused.push(outcome.refused);
      if (!outcome.isSaid && outcome.stock !== right) silent.push(`offset ${offset} bit ${bit}: ${outcome.stock}`);
    }
    expect(silent).toEqual([]);
    expect(refused.filter((code) => code === 'STORE_DAMAGED').length).toBeGreaterThan(5);
    const known = ['STORE_DAMAGED', 'STORE_NEWER', 'STORE_UNSAFE', 'STORE_UNAVAILABLE', 'STORE_OTHER_SITE'];
    expect(refused.filter((code) => !known.includes(code))).toEqual([]);
  }, 120_000);

  it('is still whole when the log beside it is cut short, or the file that connections share is zeroed', async () => {
    const path = folder();
    const store = open(path);
    for (let n = 0; n < 30; n++) await store.append(batch({ events: [arrival(n)] }));
    const random = numbers(seed);
    const wal = readFileSync(`${databaseFile(path)}-wal`);
    for (let n = 0; n < 20; n++) {
      const copy = copyOf(path);
      writeFileSync(`${databaseFile(copy)}-wal`, wal.subarray(0, Math.floor(random() * wal.length)));
      writeFileSync(`${databaseFile(copy)}-shm`, Buffer.alloc(32768));
      const found = open(copy);
      expect((await found.health()).damage).toBeNull();
      expect(found.checkStock()).toEqual([]);
      expect((await found.health()).items).toBeLessThanOrEqual(30);
      await found.close();
    }
  });

  it('that was cut short is refused', async () => {
    const path = await filled();
    truncateSync(databaseFile(path), 3 * 4096 + 17);
    expect((await outcomeOf(path)).refused).toBe('STORE_DAMAGED');
  });
});

/** Flips a number in the row of the stock table: no page check can see it. */
function wrongStock(path: string): void {
  const db = new Database(databaseFile(path));
  db.exec('UPDATE stock SET quantity = quantity + 1');
  db.close();
}

describe('stock that differs from the items', () => {
  it('is said by health from the start, with what to do, and is gone after rebuild-stock', async () => {
    const path = await filled();
    wrongStock(path);
    const store = open(path);
    expect((await store.health()).damage).toMatch(/Stock differs from the items in 1 lines.*rebuild-stock/);
    expect(await store.rebuildStock()).toHaveLength(1);
    await store.close();
    expect((await open(path).health()).damage).toBeNull();
  });
});

/** Changes a digit of a SKU in its index: the page is as well formed as before. */
function spoilIndex(path: string): void {
  const db = new Database(databaseFile(path), { readonly: true });
  const root =
    db.prepare<[], number>("SELECT rootpage FROM sqlite_master WHERE name = 'products_sku'").pluck().get() ?? 0;
  db.close();
  const page = (root - 1) * 4096;
  const file = readFileSync(databaseFile(path));
  // the first cell of the page [database file format, 1.6]
  const at = file.indexOf('s-', page + file.readUInt16BE(page + 8));
  expect(at).toBeLessThan(page + 4096);
  file[at + 2] = (file[at + 2] ?? 0) ^ 1;
  writeFileSync(databaseFile(path), file);
}

describe('the night check', () => {
  it('finds nothing in a whole database, and lets the loop turn meanwhile', async () => {
    const store = open(await filled());
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    expect(await store.examine()).toBeNull();
    clearInterval(turning);
    expect(turns).toBeGreaterThan(2);
    await store.append(batch({ events: [arrival('after')] }));
    expect(await store.health()).toMatchObject({ damage: null, writable: true, events: 301 });
  });

  it('finds a wrong index entry that the check of the start cannot see, and health says so until the next start', async () => {
    const path = await filled();
    spoilIndex(path);
    const store = open(path);
    expect((await store.health()).damage).toBeNull();
    expect(await store.examine()).toMatch(/damaged .*products_sku.*silentgate restore/);
    expect(await store.health()).toMatchObject({ damage: expect.stringContaining('products_sku'), writable: true });
  });

  it('finds stock that was changed behind the gateway’s back', async () => {
    const path = await filled();
    const store = open(path);
    wrongStock(path);
    expect(await store.examine()).toMatch(/Stock differs/);
    expect((await store.health()).damage).toMatch(/Stock differs/);
  });

  it('that cannot look says so, and blames nothing', async () => {
    const path = await filled();
    const store = open(path);
    renameSync(databaseFile(path), join(path, 'away'));
    await expect(store.examine()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await store.health()).damage).toBeNull();
    renameSync(join(path, 'away'), databaseFile(path));
  });
});

describe('a damaged page that a statement meets while the gateway runs', () => {
  it('makes health fail at once', async () => {
    const path = await filled();
    const size = statSync(databaseFile(path)).size;
    const store = open(path);
    const other = new Database(databaseFile(path));
    const version = other.pragma('user_version', { simple: true });
    const file = readFileSync(databaseFile(path));
    // every page but the first
    file.fill(0x5a, 4096, size);
    writeFileSync(databaseFile(path), file);
    // a write of another process, so that nothing is served from memory
    other.pragma(`user_version = ${version}`);
    other.close();
    expect(() => {
      for (let n = 0; n < 300; n++) store.lookUp(idOf(n));
      store.history(idOf(1), null, 10);
      store.products('product', null, 10);
    }).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    expect((await store.health()).damage).toMatch(/damaged.*restore the last backup/);
  });
});

describe('a row whose bytes were damaged', () => {
  it('is STORE_DAMAGED and no bug', async () => {
    const path = await filled();
    const store = open(path);
    const db = new Database(databaseFile(path));
    db.exec("UPDATE log SET body = x'00ff'");
    db.close();
    expect(() => store.history(idOf(1), null, 10)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    expect((await store.health()).damage).not.toBeNull();
  });
});
