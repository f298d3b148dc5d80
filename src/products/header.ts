import { GatewayError } from '../kit/index.ts';
import { type Format, type FormatName, formats } from './formats.ts';
import type { ProductMapping } from './mapping.ts';
import { gtinWords } from './words.ts';

/** Where the fields of a product are in a file: positions of columns. */
export type Columns = {
  readonly format: Format;
  /** Headers as the file has them. */
  readonly headers: readonly string[];
  /** Cells that a row must have: up to the last column that is used. */
  readonly width: number;
  readonly gtin: readonly number[];
  /** Null: the file says nothing of it, so that nothing changes. */
  readonly sku: readonly number[] | null;
  readonly name: readonly number[] | null;
  readonly variant: readonly number[];
  readonly family: number;
  readonly skips: readonly { readonly at: number; readonly words: readonly string[] | null }[];
  readonly attributes: number;
  /** Columns by which other rows may name this one as their parent. */
  readonly own: { readonly sku: number; readonly id: number };
};

/** A header for comparing: without marks for required fields, in lower case, full-width letters as ordinary ones. */
export function headerForm(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u200b\ufeff"]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<![*#])[*#]+$/, '')
    .trimEnd();
}

/**
 * Finds the fields of a product under a file's headers: by the mapping, else by the format (the one asked for, or the one whose
 * signs are there), else by the words that people use. Throws CSV_INVALID where GTINs have no column, or SKU and name both have none.
 */
export function columnsOf(headers: readonly string[], wanted: FormatName | 'auto', mapping: ProductMapping): Columns {
  const names = headers.map(headerForm);
  const format = formats.find((one) => (wanted === 'auto' ? isThere(one, names) : one.name === wanted)) ?? plain();
  const find = (words: readonly string[]) => words.flatMap((word) => placeOf(headers, names, word, false));
  const given = (field: keyof ProductMapping) => givenPlaces(headers, names, field, mapping[field]);
  const first = (words: readonly string[]) => {
    const found = find(words).slice(0, 1);
    return found.length === 0 ? null : found;
  };
  const ownGtin = find(format.gtinHeaders);
  const gtin = given('gtin') ?? (ownGtin.length > 0 ? ownGtin : find(gtinWords));
  const attributes = placeOf(headers, names, format.attributes ?? '', false)[0] ?? -1;
  const columns = {
    format,
    headers,
    gtin,
    sku: orAbsent(given('sku'), first(format.skuHeaders)),
    name: orAbsent(given('name'), first(format.nameHeaders)),
    variant: given('variant') ?? find(format.variant),
    family: (given('group') ?? find(format.family))[0] ?? -1,
    skips: format.skips.flatMap(({ column, words }) =>
      placeOf(headers, names, column, false).map((at) => ({ at, words })),
    ),
    attributes,
    own: { sku: names.indexOf('sku'), id: names.indexOf('id') },
  };
  refuseUseless(columns, names);
  return {
    ...columns,
    width: 1 + Math.max(...gtin, ...(columns.sku ?? []), ...(columns.name ?? []), ...columns.variant),
  };
}

function isThere({ signs, name }: Format, names: readonly string[]): boolean {
  return name === 'plain' || signs.some((group) => group.every((sign) => names.includes(sign)));
}

function plain(): Format {
  const found = formats.at(-1);
  if (found === undefined) throw new Error('the table of formats is empty');
  return found;
}

/** A mapping's `null` says: the file has no such column. */
function orAbsent(given: number[] | null, found: readonly number[] | null): readonly number[] | null {
  if (given === null) return found;
  return given.length === 0 ? null : given;
}

function givenPlaces(
  headers: readonly string[],
  names: readonly string[],
  field: string,
  wanted: string | readonly string[] | null | undefined,
): number[] | null {
  if (wanted === undefined) return null;
  const list = wanted === null ? [] : typeof wanted === 'string' ? [wanted] : wanted;
  return list.flatMap((header) => {
    const places = placeOf(headers, names, headerForm(header), true);
    if (places.length > 0) return places;
    const sentence = `The mapping names the column “${header}” for ${field}, which the file does not have.`;
    throw invalidHeader(`${sentence} Its columns: ${shown(headers)}.`, headers);
  });
}

/** The one place of a header that is used; of one that stands there twice nobody can say which is meant. */
function placeOf(headers: readonly string[], names: readonly string[], word: string, mapped: boolean): number[] {
  const at = word === '' ? -1 : names.indexOf(word);
  if (at < 0) return [];
  if (names.indexOf(word, at + 1) < 0) return [at];
  const what = mapped ? 'The mapping names' : 'The first line has';
  throw invalidHeader(
    `${what} the column “${headers[at]}”, which is there more than once. Rename one of them.`,
    headers,
  );
}

function refuseUseless(columns: Omit<Columns, 'width'>, names: readonly string[]): void {
  const { format, headers, gtin, attributes } = columns;
  const byKey = gtin.length > 0 || attributes >= 0 || (format.key === 'sku' && columns.sku !== null);
  if (byKey && (columns.sku !== null || columns.name !== null)) return;
  const kind = format.name === 'plain' ? '' : ` (${format.title}, by its header)`;
  const lack = byKey ? 'a column for SKU or name' : 'a column with GTINs (gtin, ean, upc, barcode, 條碼 …)';
  const need = 'The first line must name the columns gtin and sku or name.';
  const help = 'Name them so, or say with a mapping which column is which, e.g. {"gtin":"EAN code","name":"Article"}.';
  throw invalidHeader(`The file${kind} lacks ${lack}. ${need} ${help} Found: ${shown(names)}.`, headers);
}

function invalidHeader(message: string, headers: readonly string[]): GatewayError {
  const found = headers.join(',').slice(0, 80);
  return new GatewayError('CSV_INVALID', message, {
    errors: [{ pointer: '/1', found, allowed: 'gtin and sku or name, each once' }],
  });
}

function shown(headers: readonly string[]): string {
  const text = headers.filter((header) => header.trim() !== '').join(', ');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
