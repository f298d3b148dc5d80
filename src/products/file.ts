import { CsvError, parse } from 'csv-parse/sync';
import { GatewayError } from '../kit/index.ts';
import type { FormatName } from './formats.ts';
import { type Columns, columnsOf } from './header.ts';
import type { ProductMapping } from './mapping.ts';
import { createRecordSplitter, type RawRecord, type RecordSplitter } from './records.ts';
import { createRowReader, type RowContent } from './rows.ts';

/** One row of the file and what it says. */
export type ProductRow = RowContent & { readonly line: number };

export type FileReading = { readonly format: FormatName | 'auto'; readonly mapping: ProductMapping };

export type ProductFile = {
  /** Takes the next piece of text and gives the rows that are whole. Throws CSV_INVALID at a header of which nothing can be made. */
  push(text: string): Generator<ProductRow>;
  /** Gives what is left. Throws CSV_INVALID where the file has no header. */
  end(): Generator<ProductRow>;
  /** What the header says; null before it was read. */
  columns(): Columns | null;
};

const cellOptions = { relax_column_count: true, relax_quotes: true, trim: true, record_delimiter: '\n' };
/** Text that is kept until the header's delimiter is known. */
const longestHead = 64 * 1024;

/** Reads a file of products row by row, however its text is chunked: header first, then one product or more a row. */
export function createProductFile({ format, mapping }: FileReading): ProductFile {
  let head: string | null = '';
  let cut: { splitter: RecordSplitter; delimiter: string; skipped: number } | null = null;
  let columns: Columns | null = null;
  let read: ((cells: readonly string[]) => RowContent) | null = null;
  const rowOf = (record: RawRecord, delimiter: string, skipped: number): ProductRow | null => {
    const line = record.line + skipped;
    const cells = cellsOf(record, delimiter);
    if (read !== null) return { line, ...(typeof cells === 'string' ? refused(record, cells) : read(cells)) };
    columns = columnsOf(typeof cells === 'string' ? [] : cells, format, mapping);
    read = createRowReader(columns);
    return null;
  };
  function* rows(records: Generator<RawRecord>, delimiter: string, skipped: number): Generator<ProductRow> {
    for (const record of records) {
      const row = rowOf(record, delimiter, skipped);
      if (row !== null) yield row;
    }
  }
  /** Begins to cut, once the header's line is there or no more of it can be waited for. */
  const begin = (final: boolean) => {
    if (head === null || !(final || headLine(head) !== null || head.length > longestHead)) return;
    const { text, delimiter, skipped } = opened(head);
    head = null;
    cut = { splitter: createRecordSplitter(delimiter), delimiter, skipped };
    return text;
  };
  return {
    push: function* (text) {
      if (head !== null) head += text;
      const now = head === null ? text : begin(false);
      if (cut !== null && now !== undefined) yield* rows(cut.splitter.push(now), cut.delimiter, cut.skipped);
    },
    end: function* () {
      const rest = begin(true);
      if (cut === null) return;
      if (rest !== undefined) yield* rows(cut.splitter.push(rest), cut.delimiter, cut.skipped);
      yield* rows(cut.splitter.end(), cut.delimiter, cut.skipped);
      if (columns === null)
        throw new GatewayError('CSV_INVALID', 'The file has no header line, e.g. gtin,sku,name: it is empty.');
    },
    columns: () => columns,
  };
}

/** The first line with something on it, when its end is there too. */
function headLine(text: string): string | null {
  const start = text.search(/\S/);
  const end = start < 0 ? -1 : text.slice(start).search(/[\r\n]/);
  return end < 0 ? null : text.slice(start, start + end);
}

/** The text from the header on, and what separates its cells: what a `sep=` line says, else what the header has most of. */
function opened(head: string): { text: string; delimiter: string; skipped: number } {
  const clean = head.replace(/^\ufeff/, '');
  const said = /^\s*"?sep=(.)"?[,;\t ]*(\r\n|\n|\r|$)/i.exec(clean);
  if (said === null) return { text: clean, delimiter: delimiterOf(headLine(clean) ?? clean), skipped: 0 };
  const skipped = said[0].split(/\r\n|\n|\r/).length - 1;
  return { text: clean.slice(said[0].length), delimiter: said[1] ?? ',', skipped };
}

/** The delimiter of a header line, counted outside its quotes: spreadsheets write commas, semicolons or tabs. */
function delimiterOf(header: string): string {
  const outside = header.replaceAll(/"[^"]*"/g, '');
  const counted = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: outside.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

/** The cells of one record, or why nobody can say what they are. */
function cellsOf(record: RawRecord, delimiter: string): readonly string[] | 'BAD_QUOTES' | 'TOO_LONG' {
  if (record.fault !== null) return record.fault;
  // without a quote there is nothing to parse, and most rows have none
  if (!record.text.includes('"')) return record.text.split(delimiter).map((cell) => cell.trim());
  try {
    const [cells] = parse(record.text, { ...cellOptions, delimiter });
    return cells ?? [];
  } catch (error) {
    if (error instanceof CsvError) return 'BAD_QUOTES';
    throw error;
  }
}

function refused(record: RawRecord, reason: 'BAD_QUOTES' | 'TOO_LONG'): RowContent {
  return { products: [], bad: [{ column: '', reason, found: record.text.slice(0, 80) }] };
}
