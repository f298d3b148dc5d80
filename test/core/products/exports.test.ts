import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProductFile, type FormatName, formats } from '../../../src/products/index.ts';
import { badOf, productsOf, rowsOf } from './products-fixture.ts';

const sample = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../captures/products', `${name}.csv`), 'utf8');

/** Each export as its system writes it, and what it says: products, then refused rows. */
const exportsOf: Readonly<Record<string, { format: FormatName; products: string[]; bad: string[] }>> = {
  shopify: {
    format: 'shopify',
    products: [
      '04710999000016 RC-S-MOSS Rain Coat "Harbour" - S / Moss',
      '04710999000023 RC-M-MOSS Rain Coat "Harbour" - M / Moss',
      '04710999000030 TOTE-SG 帆布托特包',
    ],
    bad: ['8 Variant Barcode EMPTY'],
  },
  'shopify-short': {
    format: 'shopify',
    products: [
      '04710999000016 RC-S-MOSS Rain Coat "Harbour" - S / Moss',
      '04710999000023 RC-M-MOSS Rain Coat "Harbour" - M / Moss',
      '04710999000030 TOTE-SG 帆布托特包',
    ],
    bad: [],
  },
  'shopify-inventory': {
    format: 'shopify-inventory',
    products: [
      '- RC-S-MOSS Rain Coat "Harbour" - S / Moss',
      '- RC-S-MOSS Rain Coat "Harbour" - S / Moss',
      '- RC-M-MOSS Rain Coat "Harbour" - M / Moss',
      '- TOTE-SG 帆布托特包 (新)',
      '- BELT-1 Belt',
    ],
    bad: ['7 SKU EMPTY'],
  },
  woocommerce: {
    format: 'woocommerce',
    products: [
      '04710999000115 MUG-02 Enamel mug, 8 cm',
      '04710999000122 SOCK-36 Wool socks - 36-40',
      '04710999000139 SOCK-41 Wool socks - 41-45',
      '09789869999939 BOOK-7 Field notes',
    ],
    bad: ['8 GTIN, UPC, EAN, or ISBN EMPTY'],
  },
  square: {
    format: 'square',
    products: [
      '00081234500016 HB-W House blend 250 g - Whole bean',
      '00081234500023 HB-G House blend 250 g - Ground',
      '00081234500030 FP Filter papers',
    ],
    bad: ['5 GTIN EMPTY'],
  },
  loyverse: {
    format: 'loyverse',
    products: [
      '04710999000214 10001 Linen shirt - M / White',
      '04710999000221 10002 Linen shirt - L / White',
      '04710999000238 10003 Soap bar',
      '04710999000245 10003 Soap bar',
    ],
    bad: ['5 Barcode EMPTY'],
  },
  magento: {
    format: 'magento',
    products: ['04710999000313 LAMP-B Desk lamp, black', '04710999000320 LAMP-W Desk lamp, white'],
    bad: ['7 additional_attributes EMPTY'],
  },
  odoo: {
    format: 'odoo',
    products: [
      '04710999000412 WT-48 Work trousers - Size: 48',
      '04710999000429 WT-50 Work trousers - Size: 50',
      '04710999000436 GL-9 Gloves',
    ],
    bad: ['5 Barcode EMPTY'],
  },
  prestashop: {
    format: 'prestashop',
    products: ['04710999000511 TP-1 Teapot; cast iron', '04710999000528 TT-1 Tea tray', '00081234500528 TT-1 Tea tray'],
    bad: ['5 EAN13 PLACEHOLDER'],
  },
};

describe('the export of a shop system', () => {
  test.each(Object.entries(exportsOf))(
    '%s is recognised by its header and read as it is',
    (name, { format, products, bad }) => {
      const text = sample(name);
      const file = createProductFile({ format: 'auto', mapping: {} });
      for (const _ of file.push(text.replace(/^\ufeff/, '')));
      for (const _ of file.end());
      expect(file.columns()?.format.name).toBe(format);
      expect(productsOf(text)).toEqual(products);
      expect(badOf(text)).toEqual(bad);
    },
  );

  test.each(Object.entries(exportsOf))('%s says the same when its format is named', (name, { format, products }) => {
    expect(productsOf(sample(name), { format })).toEqual(products);
  });

  test.each(Object.keys(exportsOf))('%s says the same in chunks of any size', (name) => {
    const text = sample(name);
    for (const chunk of [1, 7, 64]) expect(rowsOf(text, { chunk })).toEqual(rowsOf(text));
  });

  test('each format but the plain one has a sample', () => {
    const shown = new Set(Object.values(exportsOf).map(({ format }) => format));
    expect(formats.map(({ name }) => name).filter((name) => name !== 'plain' && !shown.has(name))).toEqual([]);
  });
});
