import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/journal/index.ts';
import { matching, searchForm } from '../../../src/journal/search.ts';
import { anyStock, batch, createStores, event, item, plus } from './store-fixture.ts';

const { folder, open } = createStores();

const products = [
  { gtin: '04710088000019', sku: 'TEE-RED-M', name: '紅色純棉T恤 M' },
  { gtin: '04710088000026', sku: 'JK-100%', name: '防水外套 "Pro" (黑)' },
  { gtin: '04710088000033', sku: 'ABC_1', name: 'Straße Café カメラ' },
  { gtin: '04710088000040', sku: null, name: null },
];

async function shop(): Promise<Store> {
  const store = open(folder());
  await store.putProducts(products);
  const gtins = [...products.map((product) => product.gtin), '09506000134352'];
  await store.append(
    batch({
      events: gtins.map((gtin, n) => event(`e${n}`, item(n, { gtin }), { stock: [plus('floor', 'on_floor', gtin)] })),
    }),
  );
  return store;
}

const last = (gtins: readonly string[]) => gtins.map((gtin) => gtin.slice(-3));

describe('the stock search', () => {
  it.each([
    ['紅色', ['019'], 'two Chinese characters'],
    ['外', ['026'], 'one Chinese character'],
    ['純棉T', ['019'], 'three characters'],
    ['純棉Ｔ恤', ['019'], 'a full-width letter'],
    ['ｔｅｅ－ｒｅｄ', ['019'], 'a full-width SKU'],
    ['tee-red', ['019'], 'another case'],
    ['ｶﾒﾗ', ['033'], 'half-width kana'],
    ['STRASSE', ['033'], 'a folded sharp s'],
    ['cafe\u0301', ['033'], 'a decomposed accent'],
    ['m 紅色', ['019'], 'words in any order'],
    ['紅色　Ｍ', ['019'], 'an ideographic space'],
    ['紅色 外套', [], 'words of two products'],
    ['100%', ['026'], 'a percent sign as itself'],
    ['%', ['026'], 'only a percent sign'],
    ['c_1', ['033'], 'an underscore as itself'],
    ['a_1', [], 'an underscore that is no wildcard'],
    ['"pro"', ['026'], 'quotation marks'],
    ['"', ['026'], 'one quotation mark'],
    ['(黑)', ['026'], 'brackets'],
    ['pro*', [], 'a star that is no wildcard'],
    ['tee NOT red', [], 'a word that other searches take for an operator'],
    ['search:tee', [], 'a column filter that is none'],
    ['4710088000019', ['019'], 'a GTIN-13'],
    ['４７１００８８００００１９', ['019'], 'a GTIN in full-width digits'],
    ['0004', ['040'], 'a part of a GTIN'],
    ['09506000134352', ['352'], 'the GTIN of a product that nobody entered'],
    ['https://id.gs1.org/01/04710088000026/21/7', ['026'], 'a Digital Link'],
    ['urn:epc:id:sgtin:4710088.000002.7', ['026'], 'an EPC URI'],
    ['30151F7B2000008000000007', ['026'], 'an EPC in hex'],
    ['30151f7b2000008000000007', ['026'], 'an EPC in small hex'],
    ['urn:epc:tag:sgtin-96:0.4710088.000002.7', ['026'], 'a tag URI'],
    ['(01)04710088000026', ['026'], 'an element string of a product'],
    ['(01) 04710088000026 (17) 301231', ['026'], 'an element string as it is printed'],
    ['010471008800002617220811 10A2021121092220084115197', ['026'], 'an element string whose FNC1 is lost'],
    [']E04710088000026', ['026'], 'a bar code with its mark'],
    ['4 710088 000026', ['026'], 'a GTIN with blanks'],
    ['https://id.gs1.org/01/04710088000026', ['026'], 'a Digital Link of a product'],
    ['8004950600ABC', [], 'what begins like a key without a check digit'],
    ['30151F7B20000080000000', [], 'an EPC that was cut'],
    ['\u0000', [], 'a control character'],
    ['   ', [], 'only space'],
    ['', [], 'nothing'],
  ])('finds %j: %s', async (q, expected) => {
    const rows = (await shop()).stock({ ...anyStock, q }).rows;
    expect(last(rows.map((row) => row.gtin))).toEqual(expected);
  });

  it('follows a change of name', async () => {
    const store = await shop();
    await store.putProducts([{ gtin: '04710088000019', sku: 'TEE-BLUE', name: '藍色T恤' }]);
    expect(store.stock({ ...anyStock, q: '紅色' }).rows).toEqual([]);
    expect(store.stock({ ...anyStock, q: '純棉T' }).rows).toEqual([]);
    expect(store.stock({ ...anyStock, q: '藍色T' }).rows).toHaveLength(1);
  });

  it('never fails and never takes a character for an operator, whatever is typed', async () => {
    const store = await shop();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 30 }), async (name) => {
        await store.putProducts([{ gtin: '04710088000040', sku: null, name }]);
        const found = store.stock({ ...anyStock, q: name }).rows.some((row) => row.gtin === '04710088000040');
        // more than eight words are cut, an empty text finds nothing
        expect(found).toBe(searchForm(name) !== '');
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('takes a long text without building a long query', () => {
    const found = matching('ab '.repeat(5_000), () => null);
    expect(found === 'nothing' ? '' : found.products.split(' AND ')).toHaveLength(8);
  });
});

describe('the products', () => {
  it('are found and paged by GTIN', async () => {
    const store = await shop();
    expect(last(store.products(null, null, 10).rows.map((row) => row.gtin))).toEqual(['019', '026', '033', '040']);
    const first = store.products('4710088', null, 3);
    expect(last(first.rows.map((row) => row.gtin))).toEqual(['019', '026', '033']);
    expect(last(store.products('4710088', first.next, 3).rows.map((row) => row.gtin))).toEqual(['040']);
    expect(store.products('外套', null, 3).rows).toEqual([products[1]]);
  });

  it('are entered all or none', async () => {
    const store = open(folder());
    expect(store.productsEmpty()).toBe(true);
    const bad = { gtin: null as unknown as string, sku: null, name: null };
    await expect(store.putProducts([products[0] ?? bad, bad])).rejects.toThrow();
    expect(store.productsEmpty()).toBe(true);
    await store.putProducts(products);
    expect(store.productsEmpty()).toBe(false);
    expect(store.product('04710088000019')).toEqual(products[0]);
    expect(store.product('00000000000000')).toBeNull();
  });
});
