import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gtin14 } from '../../../src/api/gtin.ts';
import { readProductCsv } from '../../../src/api/product-csv.ts';
import { createWorlds } from './api-fixture.ts';

const world = createWorlds();
const bytes = (text: string) => Buffer.from(text, 'utf8');
const shirt = { gtin: '04710088000019', sku: 'TEE-01', name: '白色棉質上衣，「春」' };
const plain = `gtin,sku,name\r\n4710088000019,TEE-01,白色棉質上衣，「春」\r\n`;

test('UTF-8 with and without mark, UTF-16 with and without mark, commas, semicolons and tabs give the same products', async () => {
  const files = [
    bytes(plain),
    bytes(`\ufeff${plain}`),
    Buffer.from(`\ufeff${plain}`, 'utf16le'),
    Buffer.from(plain, 'utf16le'),
    Buffer.from(`\ufeff${plain}`, 'utf16le').swap16(),
    bytes(plain.replaceAll(',', ';')),
    Buffer.from(`\ufeff${plain.replaceAll(',', '\t')}`, 'utf16le'),
    bytes(plain.replaceAll('\r\n', '\n')),
    bytes(`Name,GTIN,SKU\n"${shirt.name}", 4710088000019 ,TEE-01`),
  ];
  for (const file of files) {
    expect(await readProductCsv(file)).toEqual({ products: [shirt], rejected: [], rejectedCount: 0 });
  }
});

test('GTIN-8, -12, -13 and -14 become GTIN-14', async () => {
  const { products } = await readProductCsv(
    bytes('gtin,name\n96385074,a\n036000291452,b\n4006381333931,c\n10614141123459,d\n'),
  );
  expect(products.map(({ gtin }) => gtin)).toEqual([
    '00000096385074',
    '00036000291452',
    '04006381333931',
    '10614141123459',
  ]);
});

test('each bad line is told with line, column and reason, and harms no other', async () => {
  const { products, rejected } = await readProductCsv(
    bytes(
      [
        'gtin,sku,name',
        '4710088000019,TEE-01,good',
        '4710088000018,,wrong digit',
        '4.71009E+12,,spreadsheet',
        'abc,,letters',
        '123,,short',
        ',,none',
        '96385074,only two',
        '4006381333931,a,b,c',
        '4710088000019,TEE-02,again',
        `036000291452,${'x'.repeat(101)},long`,
        '036000291452,b,a\u0007b',
        '4006381333931,,last',
      ].join('\n'),
    ),
  );
  expect(products.map(({ gtin }) => gtin)).toEqual(['04710088000019', '04006381333931']);
  expect(rejected).toEqual([
    { line: 3, column: 'gtin', reason: 'CHECK_DIGIT' },
    { line: 4, column: 'gtin', reason: 'SCIENTIFIC_NOTATION' },
    { line: 5, column: 'gtin', reason: 'NOT_DIGITS' },
    { line: 6, column: 'gtin', reason: 'LENGTH' },
    { line: 7, column: 'gtin', reason: 'EMPTY' },
    { line: 8, column: '', reason: 'COLUMN_COUNT' },
    { line: 9, column: '', reason: 'COLUMN_COUNT' },
    { line: 10, column: 'gtin', reason: 'DUPLICATE' },
    { line: 11, column: 'sku', reason: 'TOO_LONG' },
    { line: 12, column: 'name', reason: 'CONTROL_CHARACTER' },
  ]);
});

test('a bad quote and an endless cell cost their own lines, not the file', async () => {
  const bad = await readProductCsv(bytes('gtin,name\n96385074,"a" b\n4006381333931,c\n'));
  expect([bad.products.map((p) => p.name), bad.rejected]).toEqual([
    ['c'],
    [{ line: 2, column: '', reason: 'BAD_QUOTES' }],
  ]);
  const open = await readProductCsv(bytes('gtin,name\n4006381333931,c\n96385074,"never closed\n036000291452,b\n'));
  expect([open.products.map((p) => p.name), open.rejected]).toEqual([
    ['c', 'b'],
    [{ line: 3, column: '', reason: 'BAD_QUOTES' }],
  ]);
  const long = await readProductCsv(bytes(`gtin,name\n96385074,${'x'.repeat(200_000)}\n4006381333931,c\n`));
  expect([long.products.map((p) => p.name), long.rejected]).toEqual([
    ['c'],
    [{ line: 2, column: '', reason: 'TOO_LONG' }],
  ]);
});

test('what is no such file is refused as a whole', async () => {
  const files = [
    Buffer.alloc(0),
    bytes('\n\n'),
    bytes('sku,name\na,b\n'),
    bytes('gtin\n96385074\n'),
    bytes('gtin,gtin,name\n1,2,3\n'),
    Buffer.from('PK\u0003\u0004zip as csv', 'latin1'),
    Buffer.from([0x67, 0x74, 0x69, 0x6e, 0x2c, 0xa4, 0xa4, 0x0a]),
  ];
  for (const file of files) await expect(readProductCsv(file)).rejects.toMatchObject({ code: 'CSV_INVALID' });
});

test('no bytes at all make the import break in another way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
      const file = Buffer.concat([bytes('gtin,name\n'), noise]);
      const outcome = await readProductCsv(file).catch((error: { code?: string }) => error.code);
      expect(typeof outcome === 'object' || outcome === 'CSV_INVALID').toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a check digit is right exactly for one digit in ten', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{13}$/), (body) => {
      expect([...'0123456789'].filter((digit) => gtin14(body + digit) !== null)).toHaveLength(1);
    }),
  );
});

test('an import over HTTP sets the good products and lists the bad ones', async () => {
  const w = await world();
  const key = w.key('stock:read', 'products:write');
  const csv = { 'content-type': 'text/csv; charset=utf-8' };
  const body = `${plain}123,x,y\r\n`;
  const { status, json } = await w.call('POST', '/api/v1/products/import', key, bytes(body), csv);
  expect([status, json]).toEqual([
    200,
    { imported: 1, rejected: [{ line: 3, column: 'gtin', reason: 'LENGTH' }], rejectedCount: 1 },
  ]);
  expect((await w.call('GET', '/api/v1/products/4710088000019', key)).json).toEqual(shirt);
  const large = await w
    .call('POST', '/api/v1/products/import', key, Buffer.alloc(11 * 1024 * 1024, 'x'), csv)
    .catch(() => null);
  expect(large === null || large.status === 413).toBe(true);
});
