import { expect, test } from 'vitest';
import { createWorlds } from './api-fixture.ts';
import { importer } from './import-fixture.ts';

const world = createWorlds();

type Case = readonly [title: string, file: string, products: readonly string[], refused: readonly string[]];

/** Files from the field, each with what becomes of it: `gtin sku name`, and `line reason`. */
const cases: readonly Case[] = [
  ['an apostrophe before the GTIN', "gtin,sku,name\n'8712345678906,A1,Cart\n", ['08712345678906 A1 Cart'], []],
  [
    'a line break in a quoted cell of no interest',
    'gtin,sku,name,body\n4012345123456,S1,Shirt,"<p>a</p>\n<p>b</p>"\n',
    ['04012345123456 S1 Shirt'],
    [],
  ],
  [
    'a quoted cell that holds a line like a product',
    'gtin,sku,name,body\n4012345123456,S1,Shirt,"x\n4006381333931,S9,Ghost,y\n"\n',
    ['04012345123456 S1 Shirt'],
    [],
  ],
  ['empty columns at the end', 'gtin,sku,name,,\n4012345123456,S1,Shirt,,\n', ['04012345123456 S1 Shirt'], []],
  ['repeated columns', 'gtin,sku,name,Tag,Tag\n4012345123456,S1,Shirt,a,b\n', ['04012345123456 S1 Shirt'], []],
  ['a sep= line', 'sep=;\ngtin;sku;name\n4012345123456;S1;Shirt\n', ['04012345123456 S1 Shirt'], []],
  [
    'scientific notation with a comma',
    'gtin;sku;name\n4,71E+12;S1;x\n4012345123456;S2;y\n',
    ['04012345123456 S2 y'],
    ['2 SCIENTIFIC_NOTATION'],
  ],
  ['scientific notation with a point', 'gtin,name\n4.71E+12,x\n', [], ['2 SCIENTIFIC_NOTATION']],
  ['placeholders of zeros', 'gtin,name\n00000000000000,x\n0000000000000,y\n', [], ['2 PLACEHOLDER', '3 PLACEHOLDER']],
  ['lost zeros', 'gtin,name\n36000291452,back\n2345673,gone\n', ['00036000291452 - back'], ['3 LOST_ZEROS']],
  [
    'mixed line ends',
    'gtin,name\r\n96385074,a\n4012345123456,b\r4006381333931,c',
    ['00000096385074 - a', '04006381333931 - c', '04012345123456 - b'],
    [],
  ],
];

test.each(cases)('a file with %s', async (_title, file, products, refused) => {
  const { send, all } = await importer(await world());
  const { status, json } = await send(file);
  expect(status).toBe(200);
  const rows = (await all()).map(({ gtin, sku, name }) => `${gtin} ${sku ?? '-'} ${name ?? '-'}`);
  expect(rows).toEqual(products);
  const bad = json['rejected'] as { line: number; reason: string; next: string }[];
  expect(bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual(refused);
  expect(bad.filter(({ next }) => next.length < 20)).toEqual([]);
});
