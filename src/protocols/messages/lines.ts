import { linesOf, type Member, sound } from './split.ts';

/** The names that a header gives to columns. */
export type Header = { readonly names: readonly string[]; readonly line: string };

/**
 * The lines of a CSV payload; quotes as in RFC 4180, but no cell spans lines. With a header a member is an object of its
 * cells by their names, empty ones left out. `heard` gets the header first and says whether the lines are of any use.
 */
export function* csvMembers(
  text: string,
  separator: string,
  heard: ((header: Header) => boolean) | null,
): Generator<Member> {
  let names: readonly string[] | null = null;
  for (const { line } of linesOf(text)) {
    const cells = cellsOf(line, separator);
    if (heard === null) yield { value: cells, cells, damage: sound };
    else if (names !== null) yield { value: named(names, cells), cells, damage: sound };
    else if (heard({ names: cells, line })) names = cells;
    else return;
  }
}

/** One id per line, or several with commas or semicolons between them. */
export function* hexMembers(text: string): Generator<Member> {
  for (const { line } of linesOf(text)) {
    for (const id of line.split(/[\r,;]/)) if (id.trim() !== '') yield { value: [id], cells: [id], damage: sound };
  }
}

/** Cells by their names; a name that comes twice is that of the first. */
export function named(names: readonly string[], cells: readonly string[]): Record<string, string> {
  const row = new Map<string, string>();
  names.forEach((name, i) => {
    const cell = cells[i] ?? '';
    if (name !== '' && cell !== '' && !row.has(name)) row.set(name, cell);
  });
  return Object.fromEntries(row);
}

export function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const start = blankEnd(line, at, separator);
    const { cell, end } = line.charAt(start) === '"' ? quoted(line, start + 1, separator) : plain(line, at, separator);
    cells.push(cell.trim());
    at = end + separator.length;
  }
  return cells;
}

/** Behind the blanks that some writers put before a quote. */
function blankEnd(line: string, from: number, separator: string): number {
  let at = from;
  while (line[at] === ' ' && separator !== ' ') at += 1;
  return at;
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
