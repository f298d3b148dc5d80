import { CsvError, parse } from 'csv-parse/sync';
import { GatewayError } from '../kit/index.ts';
import type { Product } from '../store/index.ts';
import { csvText, delimiterOf } from './csv-text.ts';
import { gtin14 } from './gtin.ts';

const maxRows = 100_000;
const maxLineChars = 10_000;
const maxListed = 1000;
const breathLines = 200;
const columns = ['gtin', 'sku', 'name'] as const;
type Column = (typeof columns)[number];

/** A line that was not taken. `column` is a header name, or empty where the line as a whole is wrong. */
export type RejectedRow = { readonly line: number; readonly column: string; readonly reason: string };

export type ProductCsv = {
  readonly products: readonly Product[];
  /** The first 1000; `rejectedCount` counts all. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
};

type Taken = { readonly product: Product } | { readonly column: string; readonly reason: string };

/**
 * Reads products from CSV: a header line names the columns `gtin`, `sku`, `name` in any order (`sku` or `name` may be
 * absent), each further line is a product. Bad lines are listed with line, column and reason and harm no other.
 * Throws CSV_INVALID where nothing can be made of the file as a whole.
 */
export async function readProductCsv(bytes: Uint8Array): Promise<ProductCsv> {
  const text = csvText(bytes);
  const products = new Map<string, Product>();
  const rejected: RejectedRow[] = [];
  let rejectedCount = 0;
  const reject = (row: RejectedRow) => {
    if (++rejectedCount <= maxListed) rejected.push(row);
  };
  let header: Header | null = null;
  for await (const { line, cells } of linesOf(text)) {
    if (header === null) {
      header = headerOf(cells);
      continue;
    }
    if (products.size + rejectedCount >= maxRows) {
      throw new GatewayError('CSV_INVALID', `The file has more than ${maxRows} products. Split it.`);
    }
    const taken = readRow(header, cells);
    if ('reason' in taken) reject({ line, ...taken });
    else if (products.has(taken.product.gtin)) reject({ line, column: 'gtin', reason: 'DUPLICATE' });
    else products.set(taken.product.gtin, taken.product);
  }
  if (header === null) throw new GatewayError('CSV_INVALID', 'The file has no header line: gtin,sku,name.');
  return { products: [...products.values()], rejected, rejectedCount };
}

/**
 * Lines as cells. Each line is parsed by itself: a quote that is never closed costs its own line and no other (a product
 * has no line break in its name). After some lines the gateway draws breath.
 */
async function* linesOf(text: string): AsyncGenerator<{ line: number; cells: readonly string[] | string }> {
  const delimiter = delimiterOf(text);
  let line = 0;
  for (const content of text.split(/\r\n|\n|\r/)) {
    line++;
    if (line % breathLines === 0) await new Promise((resolve) => setImmediate(resolve));
    if (content.trim() !== '') yield { line, cells: cellsOf(content, delimiter) };
  }
}

/** The cells of one line, or why they cannot be told. */
function cellsOf(content: string, delimiter: string): readonly string[] | string {
  if (content.length > maxLineChars) return 'TOO_LONG';
  try {
    const [cells] = parse(content, { delimiter, relax_column_count: true, trim: true });
    return cells ?? 'EMPTY';
  } catch (error) {
    if (error instanceof CsvError) return 'BAD_QUOTES';
    throw error;
  }
}

type Header = { readonly width: number; readonly at: Readonly<Record<Column, number>> };

function headerOf(cells: readonly string[] | string): Header {
  const record = typeof cells === 'string' ? [] : cells;
  const names = record.map((name) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const at = { gtin: names.indexOf('gtin'), sku: names.indexOf('sku'), name: names.indexOf('name') };
  const named = columns.filter((column) => at[column] >= 0).length;
  if (at.gtin < 0 || named < 2 || twice !== undefined) {
    throw new GatewayError('CSV_INVALID', 'The first line must name the columns gtin and sku or name, each once.', {
      errors: [{ pointer: '/1', found: record.join(',').slice(0, 80), allowed: 'gtin,sku,name in any order' }],
    });
  }
  return { width: names.length, at };
}

function readRow({ width, at }: Header, record: readonly string[] | string): Taken {
  if (typeof record === 'string') return { column: '', reason: record };
  if (record.length !== width) return { column: '', reason: 'COLUMN_COUNT' };
  const digits = record[at.gtin] ?? '';
  if (digits === '') return { column: 'gtin', reason: 'EMPTY' };
  const gtin = gtin14(digits);
  if (gtin === null) return { column: 'gtin', reason: gtinReason(digits) };
  const [sku, name] = [record[at.sku] ?? '', record[at.name] ?? ''];
  const bad = badText(sku, 100);
  if (bad !== null) return { column: 'sku', reason: bad };
  const badName = badText(name, 300);
  if (badName !== null) return { column: 'name', reason: badName };
  return { product: { gtin, sku: sku || null, name: name || null } };
}

/** `4.71009E+12` is what a spreadsheet makes of a GTIN: worth its own word. */
function gtinReason(digits: string): string {
  if (/^\d(\.\d+)?e\+?\d+$/i.test(digits)) return 'SCIENTIFIC_NOTATION';
  if (!/^\d+$/.test(digits)) return 'NOT_DIGITS';
  return /^(\d{8}|\d{12,14})$/.test(digits) ? 'CHECK_DIGIT' : 'LENGTH';
}

function badText(text: string, maxLength: number): string | null {
  if (text.length > maxLength) return 'TOO_LONG';
  return [...text].some((char) => char < ' ' || char === '\u007f') ? 'CONTROL_CHARACTER' : null;
}
