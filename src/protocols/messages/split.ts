import { ALONE, createExtents, type Extents, isEnd } from './json-extent.ts';
import { type Salvaged, salvage } from './json-salvage.ts';
import { scanValue, skipBlanks } from './json-scan.ts';

/**
 * One member of a payload: its value, or what stands there instead. Of a message that was damaged, `damage` says which of
 * its parts are.
 */
export type Member = {
  readonly value: unknown;
  readonly damage: Salvaged['damage'];
  /** The cells of a line, where the payload is lines. */
  readonly cells?: readonly string[];
  /** The message around it, where the member is not all of it. */
  readonly root?: unknown;
};

/** Nothing of a member is damaged. */
export const sound: Salvaged['damage'] = new Map();

/**
 * The members of a JSON payload: one object, the items of an array, one per line (NDJSON), or objects glued together
 * without a separator (Zebra over WebSocket and TCP). JSON.parse reads it; where it cannot, the members are found by their
 * structure, so that a damaged one spares its neighbours. A damaged member's value is a `Damaged`, or what could be kept
 * of it with an entry in `damage`.
 */
export function* jsonMembers(text: string): Generator<Member> {
  if (skipBlanks(text, 0) >= text.length) return;
  const whole = parsed(text);
  if (whole !== null) yield* itemsOf(whole.value, sound);
  else yield* damagedMembers(text);
}

/** The same of a text that JSON.parse refuses. On JSON it gives what JSON.parse gives. */
export function* damagedMembers(text: string): Generator<Member> {
  if (!isOnePerLine(text)) return yield* valuesIn(text, 0);
  for (const { line, at } of linesOf(text)) yield* valuesIn(line, at);
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function* itemsOf(value: unknown, damage: Salvaged['damage']): Generator<Member> {
  if (!Array.isArray(value)) yield { value, damage };
  else for (const item of value as unknown[]) yield { value: item, damage };
}

type TextRow = { readonly line: string; readonly at: number };

/** The lines that are not blank, and where they begin. */
export function* linesOf(text: string): Generator<TextRow> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    const line = text.slice(from, text[to - 1] === '\r' && to > from ? to - 1 : to);
    if (line.trim() !== '') yield { line, at: from };
    from = to + 1;
  }
}

/** Whether a text is NDJSON and not one document over several lines: a line is JSON by itself, and none is part of another. */
function isOnePerLine(text: string): boolean {
  let hasGood = false;
  let count = 0;
  for (const { line } of linesOf(text)) {
    if (/^\s*[\]}"]|[,[{]\s*$/.test(line) && !isJson(line)) return false;
    hasGood ||= isJson(line);
    count += 1;
  }
  return hasGood && count > 1;
}

function isJson(text: string): boolean {
  const scanned = scanValue(text, 0);
  return scanned.ok && skipBlanks(text, scanned.end) >= text.length;
}

/** The values of a text one after another, with or without commas between them. */
function* valuesIn(text: string, base: number): Generator<Member> {
  let extents: Extents | null = null;
  for (let at = skipSeparators(text, 0); at < text.length; ) {
    const scanned = scanValue(text, at);
    if (scanned.ok && isEnd(text, scanned.end, ALONE)) {
      yield* itemsOf(JSON.parse(text.slice(at, scanned.end)), sound);
      at = skipSeparators(text, scanned.end);
      continue;
    }
    extents ??= createExtents(text.length);
    const end = damagedEnd(text, at, extents);
    yield* kept(text.slice(at, end), base + at);
    at = skipSeparators(text, end);
  }
}

function skipSeparators(text: string, from: number): number {
  let at = skipBlanks(text, from);
  while (text[at] === ',') at = skipBlanks(text, at + 1);
  return at;
}

/** Where a damaged value ends: by its brackets, else before the next one that begins as it does, else at the end. */
function damagedEnd(text: string, at: number, extents: Extents): number {
  const isContainer = text[at] === '{' || text[at] === '[';
  return (isContainer ? extents.alone(text, at) : null) ?? extents.next(text, at) ?? text.length;
}

/** What is good of a damaged value; a value of which nothing is good is one damaged member. */
function* kept(text: string, base: number): Generator<Member> {
  const { value, damage } = salvage(text, base);
  yield* itemsOf(value, damage);
}
