import { lines, type Member } from './split.ts';

/** The lines of a CSV payload as lists of cells; quotes as in RFC 4180, but no cell spans lines. */
export function csvMembers(text: string, separator: string, hasHeader: boolean): Member[] {
  const rows = lines(text).slice(hasHeader ? 1 : 0);
  return rows.map((line) => ({ ok: true, value: cellsOf(line, separator) }));
}

/** One id per line, or several with commas or semicolons between them. */
export function hexMembers(text: string): Member[] {
  const ids = text.split(/[\r\n,;]/).filter((id) => id.trim() !== '');
  return ids.map((id) => ({ ok: true, value: [id] }));
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const { cell, end } = line.charAt(at) === '"' ? quoted(line, at + 1, separator) : plain(line, at, separator);
    cells.push(cell.trim());
    at = end + 1;
  }
  return cells;
}

function plain(line: string, from: number, separator: string) {
  const found = line.indexOf(separator, from);
  const end = found === -1 ? line.length : found;
  return { cell: line.slice(from, end), end };
}

/** From behind the opening quote; `""` inside is one quote, and what stands behind the closing one belongs to nobody. */
function quoted(line: string, from: number, separator: string) {
  let cell = '';
  let at = from;
  while (at < line.length && (line[at] !== '"' || line[at + 1] === '"')) {
    cell += line[at];
    at += line[at] === '"' ? 2 : 1;
  }
  return { cell, end: plain(line, at, separator).end };
}
