import { gtinWords, nameWords, skuWords } from './words.ts';

export const formatNames = [
  'plain',
  'shopify-inventory',
  'shopify',
  'woocommerce',
  'square',
  'loyverse',
  'magento',
  'prestashop',
  'odoo',
] as const;
export type FormatName = (typeof formatNames)[number];

/** What the columns of one kind of file mean. Headers stand as `headerForm` makes them. */
export type Format = {
  readonly name: FormatName;
  /** As people call it. */
  readonly title: string;
  /** Headers that only this kind of file has together: all of one group must be there. */
  readonly signs: readonly (readonly string[])[];
  /** Columns with GTINs; every one that is there counts. */
  readonly gtinHeaders: readonly string[];
  /** The first of these that is there. */
  readonly skuHeaders: readonly string[];
  readonly nameHeaders: readonly string[];
  /** Values that tell a variant from its product, in the order in which its name has them. */
  readonly variant: readonly string[];
  /** Values that say there is no variant. */
  readonly noVariant: readonly string[];
  /** `always`: the name is the product's alone; `inherited`: the row's own name has the variant already. */
  readonly variantJoins: 'always' | 'inherited';
  /** Where the name of a row without one comes from: the row with the same handle, the parent that it names, the row above. */
  readonly inherits: 'handle' | 'parent' | 'above' | null;
  /** The column of the handle or of the parent. */
  readonly family: readonly string[];
  /** Rows that are no products unless they have a GTIN: the column, and the words in it; null = any word, GTIN or not. */
  readonly skips: readonly { readonly column: string; readonly words: readonly string[] | null }[];
  /** A column that holds attributes as `ean=…,colour=…`. */
  readonly attributes: string | null;
  /** `sku`: where the file has no GTIN column its rows are found by SKU and change the names of known products. */
  readonly key: 'gtin' | 'sku';
};

const base = {
  signs: [],
  gtinHeaders: gtinWords,
  skuHeaders: skuWords,
  nameHeaders: nameWords,
  variant: [],
  noVariant: [],
  variantJoins: 'always',
  inherits: null,
  family: [],
  skips: [],
  attributes: null,
  key: 'gtin',
} as const;

const options = [1, 2, 3].map((n) => `option${n} value`);
const spacedOptions = [1, 2, 3].map((n) => `option ${n} value`);

const shopify = {
  ...base,
  nameHeaders: ['title'],
  variant: [...options, ...spacedOptions],
  noVariant: ['default title'],
  inherits: 'handle',
  family: ['handle', 'url handle'],
} as const;

/** One row a kind of file; the first whose signs are there is taken. */
export const formats: readonly Format[] = [
  {
    ...shopify,
    name: 'shopify-inventory',
    title: 'Shopify inventory',
    signs: [
      ['handle', 'title', 'on hand (current)'],
      ['handle', 'title', 'sku', 'location'],
      ['handle', 'title', 'sku', 'hs code'],
      ['handle', 'title', 'sku', 'coo'],
    ],
    gtinHeaders: ['barcode'],
    skuHeaders: ['sku'],
    key: 'sku',
  },
  {
    ...shopify,
    name: 'shopify',
    title: 'Shopify products',
    signs: [
      ['handle', 'variant sku'],
      ['handle', 'variant barcode'],
      ['handle', 'body (html)'],
      ['url handle', 'title'],
    ],
    gtinHeaders: ['variant barcode', 'barcode'],
    skuHeaders: ['variant sku', 'sku'],
  },
  {
    ...base,
    name: 'woocommerce',
    title: 'WooCommerce',
    signs: [
      ['gtin, upc, ean, or isbn', 'sku'],
      ['type', 'sku', 'name', 'published'],
      ['type', 'sku', 'name', 'regular price'],
      ['類型', '貨號', '名稱'],
      ['类型', 'sku', '名称'],
    ],
    gtinHeaders: [
      'gtin, upc, ean, or isbn',
      'gtin、upc、ean 或 isbn',
      'meta: _global_unique_id',
      'meta: _alg_ean',
      'meta: _wpm_gtin_code',
      'meta: _ean',
      'meta: hwp_product_gtin',
    ],
    skuHeaders: ['sku', '貨號'],
    nameHeaders: ['name', '名稱', '名称'],
    variant: [1, 2, 3, 4].flatMap((n) => [`attribute ${n} value(s)`, `屬性 ${n} 值`]),
    variantJoins: 'inherited',
    inherits: 'parent',
    family: ['parent', '上層', '父级'],
    skips: ['type', '類型', '类型'].map((column) => ({ column, words: ['variable', 'grouped'] })),
  },
  {
    ...base,
    name: 'square',
    title: 'Square item library',
    signs: [
      ['token', 'item name'],
      ['item name', 'variation name'],
    ],
    gtinHeaders: ['gtin', 'upc'],
    skuHeaders: ['sku'],
    nameHeaders: ['item name'],
    variant: ['variation name'],
    noVariant: ['regular', '一般'],
    inherits: 'above',
  },
  {
    ...base,
    name: 'loyverse',
    title: 'Loyverse items',
    signs: [
      ['handle', 'sku', 'name', 'barcode'],
      ['handle', 'sku', 'name', 'category'],
    ],
    gtinHeaders: ['barcode', '條碼'],
    skuHeaders: ['sku'],
    nameHeaders: ['name'],
    variant: spacedOptions,
    inherits: 'handle',
    family: ['handle'],
  },
  {
    ...base,
    name: 'magento',
    title: 'Magento / Adobe Commerce',
    signs: [
      ['sku', 'attribute_set_code'],
      ['sku', 'store_view_code'],
      ['sku', '_attribute_set'],
    ],
    skuHeaders: ['sku'],
    nameHeaders: ['name'],
    skips: [
      { column: 'store_view_code', words: null },
      { column: '_store', words: null },
      { column: 'product_type', words: ['configurable', 'grouped', 'bundle'] },
      { column: '_type', words: ['configurable', 'grouped', 'bundle'] },
    ],
    attributes: 'additional_attributes',
  },
  {
    ...base,
    name: 'prestashop',
    title: 'PrestaShop',
    signs: [
      ['reference', 'ean13'],
      ['id_product', 'reference'],
      ['product id', 'reference', 'name'],
    ],
    gtinHeaders: ['ean13', 'ean-13', 'ean', 'ean-13 or jan barcode', 'upc', 'upc barcode', 'isbn'],
    skuHeaders: ['reference'],
    nameHeaders: ['name', 'product name'],
  },
  {
    ...base,
    name: 'odoo',
    title: 'Odoo',
    signs: [
      ['internal reference', 'barcode'],
      ['default_code', 'barcode'],
      ['external id', 'internal reference'],
      ['內部參考', '條碼'],
      ['內部編號', '條碼'],
      ['内部参考', '条码'],
      ['product_variant_ids/barcode'],
      ['products/barcode'],
    ],
    gtinHeaders: [
      'barcode',
      'product_variant_ids/barcode',
      'products/barcode',
      'packaging_ids/barcode',
      'product packages/barcode',
      '條碼',
      '条码',
    ],
    skuHeaders: [
      'internal reference',
      'default_code',
      'product_variant_ids/default_code',
      'products/internal reference',
      '內部參考',
      '內部編號',
      '内部参考',
    ],
    nameHeaders: [
      'name',
      'display name',
      'display_name',
      'product_tmpl_id/name',
      '名稱',
      '名称',
      '顯示名稱',
      '显示名称',
    ],
    variant: [
      'variant values',
      'product_template_variant_value_ids',
      'product_template_attribute_value_ids',
      'product_variant_ids/product_template_variant_value_ids',
      'products/variant values',
      '變體值',
      '变体值',
    ],
    inherits: 'above',
  },
  { ...base, name: 'plain', title: 'a file with columns of your own' },
];
