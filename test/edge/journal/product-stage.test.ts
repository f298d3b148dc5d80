import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStores } from './store-fixture.ts';

const { folder, open } = createStores();
const tee = { gtin: '04710088000019', sku: 'TEE-RED-M', name: '紅色純棉T恤 M' };
const cap = { gtin: '00000096385074', sku: null, name: 'Cap' };
const lines = (...products: object[]) => products.map((product) => `${JSON.stringify(product)}\n`).join('');

describe('products on their way into the database', () => {
  it('are on disk until they are entered, and then in the database alone', async () => {
    const path = folder();
    const store = open(path);
    const stage = await store.stageProducts();
    stage.add(tee);
    stage.add(cap);
    expect([store.productsEmpty(), readdirSync(join(path, 'import'))]).toEqual([true, ['staged.part']]);
    await stage.enter();
    stage.discard();
    expect([store.product(tee.gtin), store.product(cap.gtin)]).toEqual([tee, cap]);
    expect(readdirSync(store.scratch())).toEqual([]);
  });

  it('are forgotten when they are discarded', async () => {
    const store = open(folder());
    const stage = await store.stageProducts();
    stage.add(tee);
    stage.discard();
    expect([store.productsEmpty(), readdirSync(store.scratch())]).toEqual([true, []]);
  });

  it('let the line commit between their slices', async () => {
    const store = open(folder());
    const stage = await store.stageProducts();
    for (let n = 0; n < 1000; n++) stage.add({ ...tee, gtin: String(n).padStart(14, '0') });
    let entered = false;
    let others = 0;
    const done = stage.enter().then(() => {
      entered = true;
    });
    while (!entered) {
      await store.putProducts([cap]);
      others++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(others).toBeGreaterThan(5);
    expect(store.product('00000000000999')).not.toBeNull();
  });

  it('are entered at the next start when the process died after it had promised them', () => {
    const path = folder();
    mkdirSync(join(path, 'import'));
    writeFileSync(join(path, 'import/staged.jsonl'), lines(tee, cap));
    const store = open(path);
    expect([store.product(tee.gtin), store.product(cap.gtin)]).toEqual([tee, cap]);
    expect(existsSync(join(path, 'import'))).toBe(false);
  });

  it('are forgotten at the next start when it died before that, with all else that is not to last', () => {
    const path = folder();
    mkdirSync(join(path, 'import'));
    writeFileSync(join(path, 'import/staged.part'), lines(tee, cap));
    writeFileSync(join(path, 'import/upload-1.csv'), 'gtin,name\n');
    const store = open(path);
    expect([store.productsEmpty(), existsSync(join(path, 'import'))]).toEqual([true, false]);
  });

  it('stay whole characters across the blocks in which they are read', async () => {
    const store = open(folder());
    const stage = await store.stageProducts();
    const name = '棉'.repeat(300);
    for (let n = 1; n <= 300; n++) stage.add({ gtin: String(n).padStart(14, '0'), sku: null, name });
    await stage.enter();
    const { rows } = store.products(null, null, 500);
    expect(rows.filter((row) => row.name === name)).toHaveLength(300);
  });

  it('are found by SKU, where it is theirs alone and where it is not', async () => {
    const store = open(folder());
    await store.putProducts([tee, { ...cap, sku: 'A' }, { ...tee, gtin: '04710088000026', sku: 'A' }]);
    expect(store.gtinsOfSku('TEE-RED-M')).toEqual([tee.gtin]);
    expect(store.gtinsOfSku('A').sort()).toEqual([cap.gtin, '04710088000026']);
    expect(store.gtinsOfSku('none')).toEqual([]);
  });
});
