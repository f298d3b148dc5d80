import { gtinsOf, nameOf, skuOf, textReason } from './cells.ts';
import type { Columns } from './header.ts';
import type { Reason } from './reasons.ts';
import { gtinWords } from './words.ts';

/** What a row says of one product. Null SKU or name: the cell is empty. */
export type ProductDraft = {
  /** The header of the column that names the product. */
  readonly column: string;
  /** GTIN-14; null where the file knows its products by SKU alone. */
  readonly gtin: string | null;
  readonly sku: string | null;
  readonly name: string | null;
  /** A zero at the front of the GTIN was lost and put back. */
  readonly restored: boolean;
};

/** What was not taken. `column` is a header of the file, or empty where the row as a whole is wrong. */
export type BadCell = { readonly column: string; readonly reason: Reason; readonly found: string };

/** Neither products nor bad cells: the row is no product (a picture, a parent of variants). */
export type RowContent = { readonly products: readonly ProductDraft[]; readonly bad: readonly BadCell[] };

const longestSku = 100;
const longestName = 300;
/** Parents are remembered for their variants: so many of the latest. */
const keptParents = 20_000;
const nothing: RowContent = { products: [], bad: [] };

/** Reads the rows of one file in their order: a row may take its name from one before it. */
export function createRowReader(columns: Columns): (cells: readonly string[]) => RowContent {
  const nameOfRow = createInheritance(columns);
  return (cells) => {
    const fault = widthFault(columns, cells);
    if (fault !== null) return { products: [], bad: [fault] };
    const codes = codesOf(columns, cells);
    const name = nameOfRow(cells);
    if (isPassedOver(columns, cells, codes.good.length + codes.bad.length > 0)) return nothing;
    const sku = valueAt(columns.sku, cells, skuOf);
    const bad = badTexts(columns, sku, name);
    return bad === null ? contentOf(columns, codes, sku || null, name || null) : { products: [], bad: [bad] };
  };
}

function contentOf(columns: Columns, { good, bad }: Codes, sku: string | null, name: string | null): RowContent {
  const empty = (column: string): RowContent => ({ products: [], bad: [{ column, reason: 'EMPTY', found: '' }] });
  if (good.length + bad.length > 0) return { products: good.map((code) => ({ ...code, sku, name })), bad };
  if (columns.gtin.length > 0 || columns.attributes >= 0) return empty(gtinColumn(columns));
  const column = headerAt(columns, columns.sku?.[0]);
  return sku === null ? empty(column) : { products: [{ column, gtin: null, sku, name, restored: false }], bad: [] };
}

function widthFault({ headers, width }: Columns, cells: readonly string[]): BadCell | null {
  const surplus = cells.slice(headers.length).some((cell) => cell.trim() !== '');
  return cells.length < width || surplus
    ? { column: '', reason: 'COLUMN_COUNT', found: cells.join(',').slice(0, 80) }
    : null;
}

type Code = { readonly column: string; readonly gtin: string; readonly restored: boolean };
type Codes = { readonly good: readonly Code[]; readonly bad: readonly BadCell[] };

/** The GTINs of all columns that hold some, each once. */
function codesOf(columns: Columns, cells: readonly string[]): Codes {
  const good = new Map<string, Code>();
  const bad: BadCell[] = [];
  const take = (column: string, cell: string) => {
    for (const code of gtinsOf(cell)) {
      if (code.ok) good.set(code.gtin, { column, gtin: code.gtin, restored: code.restored });
      else bad.push({ column, reason: code.reason, found: code.found.slice(0, 80) });
    }
  };
  for (const at of columns.gtin) take(headerAt(columns, at), cells[at] ?? '');
  const attributes = cells[columns.attributes];
  if (attributes !== undefined && good.size + bad.length === 0)
    take(headerAt(columns, columns.attributes), attributeOf(attributes, gtinWords));
  return { good: [...good.values()], bad };
}

/** The value of the first of `names` in `colour=red,ean=4710088000019`; empty where it has none. */
function attributeOf(text: string, names: readonly string[]): string {
  for (const part of text.split(/[,|\n]/)) {
    const [name = '', value = ''] = part.split('=', 2);
    if (names.includes(name.trim().toLowerCase())) return value.replaceAll('"', '');
  }
  return '';
}

/** Rows that are not products: of another view, parents of variants, and rows of pictures or further attributes only. */
function isPassedOver(columns: Columns, cells: readonly string[], hasCode: boolean): boolean {
  const named = columns.skips.some(({ at, words }) => {
    const word = (cells[at] ?? '').trim().toLowerCase();
    return words === null ? word !== '' : !hasCode && word.split(/[, ]+/).some((one) => words.includes(one));
  });
  if (named) return true;
  if (hasCode) return false;
  const { inherits } = columns.format;
  // further attributes of the row above come with a variant's value, pictures with nothing
  const own = [...(columns.sku ?? []), ...(columns.name ?? []), ...(inherits === 'above' ? [] : columns.variant)];
  return (inherits === 'handle' || inherits === 'above') && own.every((at) => (cells[at] ?? '').trim() === '');
}

function badTexts(columns: Columns, sku: string, name: string): BadCell | null {
  const skuReason = textReason(sku, longestSku);
  if (skuReason !== null)
    return { column: headerAt(columns, columns.sku?.[0]), reason: skuReason, found: sku.slice(0, 80) };
  const nameReason = textReason(name, longestName);
  return nameReason === null
    ? null
    : { column: headerAt(columns, columns.name?.[0]), reason: nameReason, found: name.slice(0, 80) };
}

function valueAt(places: readonly number[] | null, cells: readonly string[], clean: (cell: string) => string): string {
  for (const at of places ?? []) {
    const value = clean(cells[at] ?? '');
    if (value !== '') return value;
  }
  return '';
}

const headerAt = ({ headers }: Columns, at: number | undefined) => (at === undefined ? '' : (headers[at] ?? ''));
const gtinColumn = (columns: Columns) => headerAt(columns, columns.gtin[0] ?? columns.attributes);

/** Names of rows, with what they take over from their product and what their variant adds. */
function createInheritance(columns: Columns): (cells: readonly string[]) => string {
  const parents = new Map<string, string>();
  const remember = (key: string, name: string) => {
    if (key === '' || name === '') return;
    parents.delete(key);
    parents.set(key, name);
    const oldest = parents.size > keptParents ? parents.keys().next().value : undefined;
    if (oldest !== undefined) parents.delete(oldest);
  };
  return (cells) => {
    const written = valueAt(columns.name, cells, nameOf).slice(0, longestName + 1);
    const { mine, other } = kinOf(columns, cells);
    for (const key of mine) remember(key, written);
    const name = written || (parents.get(other) ?? '');
    const isWhole = columns.format.variantJoins === 'inherited' && written !== '';
    return name === '' || isWhole ? name : withVariant(columns, name, cells);
  };
}

/** The keys by which later rows may name this one, and the one by which it names another. */
function kinOf({ format, family, own }: Columns, cells: readonly string[]): { mine: string[]; other: string } {
  const text = (at: number) => (cells[at] ?? '').trim();
  if (format.inherits === 'parent') {
    const id = text(own.id);
    return { mine: [text(own.sku), id === '' ? '' : `id:${id}`], other: text(family) };
  }
  const above = format.inherits === 'above' ? 'above' : '';
  const key = family >= 0 ? text(family) : above;
  return { mine: [key], other: key };
}

function withVariant({ format, variant }: Columns, name: string, cells: readonly string[]): string {
  const values = variant.map((at) => nameOf(cells[at] ?? ''));
  const telling = values.filter((value) => value !== '' && !format.noVariant.includes(value.toLowerCase()));
  return telling.length === 0 ? name : `${name} - ${telling.join(' / ')}`;
}
