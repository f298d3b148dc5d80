import { closeSync, openSync, writeSync } from 'node:fs';
import { type Reason, reasons } from '../products/index.ts';

/** A row, or one code of a row, that was not taken. `column` is a header of the file, or empty where the row as a whole is wrong. */
export type BadRow = {
  readonly line: number;
  readonly column: string;
  readonly reason: Reason;
  /** What stands there, 80 characters at most. */
  readonly found: string;
  /** What to do about it. */
  readonly next: string;
};

const headers = ['line', 'column', 'reason', 'found', 'next'] as const;
const blockChars = 64 * 1024;

/** A bad row with what to do. */
export function badRow(line: number, column: string, reason: Reason, found: string): BadRow {
  return { line, column, reason, found, next: reasons[reason] };
}

export type BadRowsFile = {
  add(row: BadRow): void;
  close(): void;
  /** Closes it without what is not yet on disk: there may be no room for that. */
  abandon(): void;
};

/** Writes bad rows as CSV for a spreadsheet: UTF-8 with a byte-order mark, and no cell that it would take for a formula. */
export function writeBadRows(path: string): BadRowsFile {
  const file = openSync(path, 'w', 0o600);
  let open = true;
  let block = `\ufeff${line(headers)}`;
  const flush = () => {
    writeSync(file, block);
    block = '';
  };
  const abandon = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    add: (row) => {
      block += line(headers.map((header) => String(row[header])));
      if (block.length > blockChars) flush();
    },
    close: () => {
      flush();
      abandon();
    },
    abandon,
  };
}

function line(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** Text that a spreadsheet would compute gets an apostrophe in front [OWASP, CSV injection]. */
function cellOf(text: string): string {
  const safe = /^[\s]*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
