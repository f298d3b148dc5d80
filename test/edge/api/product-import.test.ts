import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createWorlds } from './api-fixture.ts';
import { importer } from './import-fixture.ts';

const world = createWorlds();
const samples = join(import.meta.dirname, '../../captures/products');
const sample = (name: string) => readFileSync(join(samples, `${name}.csv`));
const plain = 'gtin,sku,name\r\n4710088000019,TEE-01,白色棉質上衣\r\n';
const tee = { gtin: '04710088000019', sku: 'TEE-01', name: '白色棉質上衣' };

describe('an import over HTTP', () => {
  test('sets the good products and lists the bad ones with what to do', async () => {
    const { send, product } = await importer(await world());
    const { status, json } = await send(`${plain}123,x,y\r\n`);
    expect([status, json]).toEqual([
      200,
      {
        id: expect.stringMatching(/^[0-9a-f]{12}$/),
        dryRun: false,
        format: 'plain',
        encoding: 'utf-8',
        columns: { gtin: ['gtin'], sku: ['sku'], name: ['name'] },
        imported: 1,
        created: 1,
        changed: 0,
        unchanged: 0,
        cleared: 0,
        repeated: 0,
        skipped: 0,
        restored: 0,
        changes: [
          {
            line: 2,
            gtin: tee.gtin,
            kind: 'created',
            sku: { from: null, to: 'TEE-01' },
            name: { from: null, to: tee.name },
          },
        ],
        rejected: [
          { line: 3, column: 'gtin', reason: 'LENGTH', found: '123', next: expect.stringContaining('12, 13') },
        ],
        rejectedCount: 1,
        badRows: expect.stringMatching(/^\/api\/v1\/products\/import\/[0-9a-f]{12}\/bad-rows$/),
      },
    ]);
    expect(await product('4710088000019')).toEqual(tee);
  });

  test('a file without names keeps the names that are there', async () => {
    const { send, product } = await importer(await world());
    await send(plain);
    expect((await send('gtin,sku\n4710088000019,TEE-02\n')).json).toMatchObject({ changed: 1, cleared: 0 });
    expect(await product('4710088000019')).toEqual({ ...tee, sku: 'TEE-02' });
  });

  test('an absent column changes nothing, an empty cell clears', async () => {
    const { send, product } = await importer(await world());
    await send(plain);
    const renamed = await send('gtin,name\n4710088000019,New name\n');
    expect(renamed.json).toMatchObject({
      changed: 1,
      cleared: 0,
      changes: [{ sku: null, name: { from: tee.name, to: 'New name' } }],
    });
    expect(await product('4710088000019')).toEqual({ ...tee, name: 'New name' });
    const cleared = await send('gtin,sku,name\n4710088000019,,New name\n');
    expect(cleared.json).toMatchObject({
      changed: 1,
      cleared: 1,
      changes: [{ sku: { from: 'TEE-01', to: null }, name: null }],
    });
    expect(await product('4710088000019')).toEqual({ ...tee, sku: null, name: 'New name' });
    expect((await send('gtin,name\n4710088000019,New name\n')).json).toMatchObject({ unchanged: 1, changes: [] });
  });

  test('a dry run answers as the import does and writes nothing', async () => {
    const { send, all } = await importer(await world());
    await send(plain);
    const file = 'gtin,sku,name\n4710088000019,,Tee\n96385074,CAP,Cap\n4710088000018,x,y\n';
    const before = await all();
    const dry = await send(file, '?dryRun=true');
    expect(dry.json).toMatchObject({ dryRun: true, created: 1, changed: 1, cleared: 1, rejectedCount: 1 });
    expect(await all()).toEqual(before);
    const done = await send(file, '?dryRun=false');
    const ofBoth = ({ id: _, dryRun: __, badRows: ___, ...rest }: Record<string, unknown>) => rest;
    expect(ofBoth(done.json)).toEqual(ofBoth(dry.json));
    expect(await all()).toHaveLength(2);
  });

  test('the same GTIN again is refused where it says something else, and counted where it says the same', async () => {
    const { send, product } = await importer(await world());
    const { json } = await send(`${plain}4710088000019,TEE-01,白色棉質上衣\n04710088000019,TEE-02,x\n`);
    expect(json).toMatchObject({
      imported: 1,
      created: 1,
      repeated: 1,
      rejected: [{ line: 4, column: 'gtin', reason: 'DUPLICATE' }],
    });
    expect(await product('4710088000019')).toEqual(tee);
  });

  test('a placeholder of zeros is no GTIN: not in a file, not in a path', async () => {
    const w = await world();
    const { send, key } = await importer(w);
    const { json } = await send('gtin,name\n00000000000000,a\n0000000000000,b\n');
    expect(json).toMatchObject({ imported: 0, rejected: [{ reason: 'PLACEHOLDER' }, { reason: 'PLACEHOLDER' }] });
    const put = await w.call('PUT', '/api/v1/products/00000000000000', key, { sku: null, name: 'x' });
    expect([put.status, put.json['code']]).toEqual([400, 'REQUEST_INVALID']);
  });

  test('Big5 and what Excel calls Unicode text are read; other code pages and workbooks are refused with what to do', async () => {
    const { send, product } = await importer(await world());
    expect((await send(sample('excel-big5'))).json).toMatchObject({ encoding: 'big5', created: 3, rejectedCount: 0 });
    expect(await product('4710999000016')).toMatchObject({
      sku: 'A-01',
      name: '白色棉質上衣，春季新款',
    });
    expect((await send(sample('excel-unicode-text'))).json).toMatchObject({
      encoding: 'utf-16le',
      unchanged: 1,
      changed: 1,
    });
    const half = Buffer.concat([sample('excel-unicode-text'), Buffer.from([0x41])]);
    for (const body of [sample('excel-gb2312'), Buffer.from('PK\u0003\u0004x', 'latin1'), half]) {
      const { status, json } = await send(body);
      expect([status, json['code'], json['detail']]).toEqual([
        400,
        'CSV_INVALID',
        expect.stringContaining('CSV UTF-8'),
      ]);
    }
  });

  test('names that turn the direction of writing are refused by every route that takes a name', async () => {
    const w = await world();
    const key = await w.key('products:write', 'keys:admin', 'privacy:admin');
    const bad = 'a\u202egnp.exe';
    const consent = { given: true, textVersion: null, at: 1, source: bad };
    const writes: [string, string, unknown][] = [
      ['PUT', '/products/4710088000019', { sku: null, name: bad }],
      ['PUT', '/products/4710088000019', { sku: bad, name: null }],
      ['POST', '/keys', { name: bad, scopes: ['products:write'] }],
      ['PUT', '/customers/c-1', { tokens: [], consent }],
      ['PUT', `/customers/${encodeURIComponent(bad)}`, { tokens: [], consent: { ...consent, source: null } }],
    ];
    for (const [method, path, body] of writes) {
      const { status, json } = await w.call(method, `/api/v1${path}`, key, body);
      expect([path, status, json['code']]).toEqual([path, 400, 'REQUEST_INVALID']);
    }
  });
});

describe('the export of a shop system over HTTP', () => {
  const expected: Readonly<Record<string, { format: string; created: number; rejectedCount: number }>> = {
    shopify: { format: 'shopify', created: 3, rejectedCount: 1 },
    'shopify-short': { format: 'shopify', created: 3, rejectedCount: 0 },
    woocommerce: { format: 'woocommerce', created: 4, rejectedCount: 1 },
    square: { format: 'square', created: 3, rejectedCount: 1 },
    loyverse: { format: 'loyverse', created: 4, rejectedCount: 1 },
    magento: { format: 'magento', created: 2, rejectedCount: 1 },
    odoo: { format: 'odoo', created: 3, rejectedCount: 1 },
    prestashop: { format: 'prestashop', created: 3, rejectedCount: 1 },
  };

  test.each(Object.entries(expected))('%s is imported as it is, and again without a change', async (name, facts) => {
    const { send } = await importer(await world());
    expect((await send(sample(name))).json).toMatchObject({ ...facts, imported: facts.created });
    const again = await send(sample(name), `?format=${facts.format}`);
    expect(again.json).toMatchObject({ created: 0, changed: 0, unchanged: facts.created });
  });

  test('a Shopify inventory finds the products by SKU, changes their names and lists what it does not know', async () => {
    const { send, product } = await importer(await world());
    await send(sample('shopify'));
    const { json } = await send(sample('shopify-inventory'));
    expect(json).toMatchObject({
      format: 'shopify-inventory',
      created: 0,
      changed: 1,
      unchanged: 2,
      repeated: 1,
      rejectedCount: 2,
    });
    expect(json['rejected']).toMatchObject([
      { line: 6, column: 'SKU', reason: 'UNKNOWN_SKU', found: 'BELT-1' },
      { line: 7, column: 'SKU', reason: 'EMPTY' },
    ]);
    expect(await product('4710999000030')).toMatchObject({ sku: 'TOTE-SG', name: '帆布托特包 (新)' });
  });

  test('an inventory whose SKU two products share changes neither', async () => {
    const { send } = await importer(await world());
    await send('gtin,sku,name\n4710999000016,RC-S-MOSS,a\n4710999000023,RC-S-MOSS,b\n');
    const { json } = await send(sample('shopify-inventory'));
    expect(json).toMatchObject({ changed: 0, imported: 0 });
    expect((json['rejected'] as { reason: string }[])[0]).toMatchObject({ reason: 'AMBIGUOUS_SKU' });
  });
});

describe('a mapping over HTTP', () => {
  const file = 'Art;EAN;Text\nA1;4012345123456;Hemd\n';
  const mapped = (map: unknown) => `?map=${encodeURIComponent(typeof map === 'string' ? map : JSON.stringify(map))}`;

  test('is JSON in the query', async () => {
    const { send, product } = await importer(await world());
    const { json } = await send(file, mapped({ gtin: 'EAN', sku: 'Art', name: 'Text' }));
    expect(json).toMatchObject({ created: 1, columns: { gtin: ['EAN'], sku: ['Art'], name: ['Text'] } });
    expect(await product('4012345123456')).toMatchObject({ sku: 'A1', name: 'Hemd' });
  });

  test('that is no mapping is a 400 that says what it may be', async () => {
    const { send } = await importer(await world());
    for (const map of ['{', '[]', '{"ean":"EAN"}', '{"gtin":5}', '{"gtin":[]}']) {
      const { status, json } = await send(file, mapped(map));
      expect([map, status, json['code']]).toEqual([map, 400, 'REQUEST_INVALID']);
    }
    expect((await send(file, mapped({ gtin: 'Barcode' }))).json).toMatchObject({
      code: 'CSV_INVALID',
      detail: expect.stringContaining('“Barcode”'),
    });
    expect((await send(file, '?format=magenta')).status).toBe(400);
    expect((await send(file, '?dryrun=true')).status).toBe(400);
  });
});

describe('the bad rows of an import', () => {
  test('are a CSV file without formulas, all of them, until the next import', async () => {
    const w = await world();
    const { send, key } = await importer(w);
    const rows = ['gtin,name', '=cmd!x,a', '+1,b', '@x,"c"', '-1,d', ...Array.from({ length: 1200 }, () => 'abc,x')];
    const { json } = await send(rows.join('\n'), '?dryRun=true');
    expect([json['rejectedCount'], (json['rejected'] as unknown[]).length]).toEqual([1204, 1000]);
    const path = String(json['badRows']);
    const answer = await w.call('GET', path, key);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('bad-rows.csv');
    const lines = answer.text
      .replace(/^\ufeff/, '')
      .trimEnd()
      .split('\r\n');
    expect([lines.length, lines[0]]).toEqual([1205, '"line","column","reason","found","next"']);
    const cells = lines.slice(1).flatMap((line) => line.slice(1, -1).split('","'));
    expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
    expect(lines[1]).toContain(`"2","gtin","NOT_DIGITS","'=cmd!x"`);
    await send(plain);
    expect((await w.call('GET', path, key)).status).toBe(404);
    expect((await w.call('GET', path, await w.key('stock:read'))).status).toBe(403);
    expect(readdirSync(w.store.scratch())).toEqual([]);
  });
});
