import {
  createProductFile,
  type FormatName,
  type ProductMapping,
  type ProductRow,
} from '../../../src/products/index.ts';

/** What a text says of products: all its rows, in order. */
export function rowsOf(
  text: string,
  {
    format = 'auto',
    mapping = {},
    chunk = text.length,
  }: { format?: FormatName | 'auto'; mapping?: ProductMapping; chunk?: number } = {},
): ProductRow[] {
  const file = createProductFile({ format, mapping });
  const rows: ProductRow[] = [];
  for (let at = 0; at < text.length; at += chunk) rows.push(...file.push(text.slice(at, at + chunk)));
  rows.push(...file.end());
  return rows;
}

/** The products of a text as `gtin sku name`. */
export function productsOf(text: string, options: Parameters<typeof rowsOf>[1] = {}): string[] {
  return rowsOf(text, options).flatMap(({ products }) =>
    products.map(({ gtin, sku, name }) => [gtin, sku, name].map((part) => part ?? '-').join(' ')),
  );
}

/** The refusals of a text as `line column reason`. */
export function badOf(text: string, options: Parameters<typeof rowsOf>[1] = {}): string[] {
  return rowsOf(text, options).flatMap(({ line, bad }) =>
    bad.map(({ column, reason }) => `${line} ${column} ${reason}`),
  );
}
