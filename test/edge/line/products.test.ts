import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { writeHere } from '../../../src/journal/here.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { createProductWrites } from '../../../src/journal/product-writes.ts';
import { createQueue } from '../../../src/journal/queue.ts';
import { GatewayError } from '../../../src/kit/index.ts';
import { batchOf, identityOf } from '../../../src/tags/index.ts';
import { read, tag } from '../../core/presence/fixtures.ts';
import { at, createStores } from '../journal/store-fixture.ts';
import { lineOver } from './line-scene.ts';

const { folder, open } = createStores();
const epcOf = (n: number) => tag.slice(0, -6) + n.toString(16).padStart(6, '0').toUpperCase();
const productOf = (gtin: string) => ({ gtin, sku: null, name: 'Tee' });

describe('a product of which tags were read before it was entered', () => {
  const { gtin } = identityOf(tag).epc;

  it.each([
    ['alone', (store: ReturnType<typeof open>) => store.putProducts([productOf(String(gtin))])],
    [
      'with an import',
      async (store: ReturnType<typeof open>) => {
        const stage = await store.stageProducts();
        stage.add(productOf(String(gtin)));
        await stage.enter();
      },
    ],
  ])('is ours from then on, where it is entered %s', async (_, enter) => {
    const store = open(folder());
    const { line } = lineOver(store, { adopt: 'products' });
    const arrive = async (n: number) => {
      const epc = epcOf(n);
      await line.take(batchOf([read(1, n * 1_000, { epc }), read(1, n * 1_000 + 400, { epc })]), false);
      return store.lookUp(identityOf(epc).epc.id)?.lifecycle;
    };
    expect(await arrive(1)).toBe('UNREGISTERED');
    await enter(store);
    expect(await arrive(2)).toBe('IN_STOCK');
  });
});

describe('news of products', () => {
  const many = Array.from({ length: 300 }, (_, n) => ({
    gtin: String(n).padStart(14, '0'),
    sku: null,
    name: `product ${n} `.repeat(20),
  }));

  it('are of each part of an import that is on disk, also where the next one fails', async () => {
    let calls = 0;
    const call = () =>
      ++calls > 1 ? Promise.reject(new GatewayError('STORE_FULL', 'no room')) : Promise.resolve(undefined as never);
    const writes = createProductWrites({ call, aside: () => Promise.resolve(null), stopped: () => false }, folder());
    const heard: (readonly string[] | null)[] = [];
    writes.productsEntered((gtins) => void heard.push(gtins));
    const stage = await writes.stageProducts();
    for (const product of many) stage.add(product);
    await expect(stage.enter()).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(heard).toEqual([many.slice(0, 100).map(({ gtin }) => gtin)]);
  });

  it('are of any product when an import that a full disk kept the start from finishing is entered', async () => {
    const path = folder();
    const db = openDatabase(databaseFile(path));
    migrate(db, migrations, at);
    mkdirSync(join(path, 'import'));
    writeFileSync(join(path, 'import/staged.jsonl'), many.map((product) => `${JSON.stringify(product)}\n`).join(''));
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 1}`);
    const queue = createQueue((hear) =>
      writeHere(db, { folder: path, site: 'here', holds: true, sightsBefore: null }, hear),
    );
    const writes = createProductWrites(queue, path);
    const heard: (readonly string[] | null)[] = [];
    writes.productsEntered((gtins) => void heard.push(gtins));
    await expect(writes.recover('probe')).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect([heard, existsSync(join(path, 'import'))]).toEqual([[], true]);
    db.pragma('max_page_count = 1073741823');
    await writes.recover('probe');
    await writes.recover('probe');
    expect([heard, existsSync(join(path, 'import'))]).toEqual([[null], false]);
    await queue.close(() => undefined);
  });
});
