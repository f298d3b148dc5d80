import { createExtents, type Extents, isEnd } from './json-extent.ts';
import { type Scanned, scanKey, scanValue, skipBlanks } from './json-scan.ts';

/** A piece of a text that is no JSON: what stood there, where it began to be none (characters from 0), and why. */
export class Damaged {
  readonly text: string;
  readonly at: number;
  readonly why: string;
  constructor(text: string, at: number, why: string) {
    this.text = text;
    this.at = at;
    this.why = why;
  }
}

/**
 * What could be kept of a damaged value. In lists a damaged item is a `Damaged` in its place. A list or object that is
 * damaged anywhere inside is a key of `damage`; members of an object that could not be read are left out.
 */
export type Salvaged = { readonly value: unknown; readonly damage: ReadonlyMap<object, Damaged> };

/** Lists of reads stand a few levels deep; whatever is damaged deeper is damaged whole. */
const DEEPEST = 8;
/** Damaged pieces of one value after which the rest of a list is one more. */
const MOST_DAMAGED = 100_000;
/** Lists and objects that are taken apart in one value; each costs more than a damaged piece. 10,000 tags of which all are damaged have fewer. */
const MOST_OPENED = 50_000;

type Work = { readonly damage: Map<object, Damaged>; readonly extents: Extents; pieces: number; opened: number };
type Piece = { readonly text: string; readonly base: number; readonly depth: number };
type Kept = { readonly value: unknown; readonly end: number };

/** Keeps what is good of a damaged text; `base` is its place in the whole message. */
export function salvage(text: string, base: number): Salvaged {
  if (text[0] !== '{' && text[0] !== '[') return { value: damagedIn(text, 0, text.length, base), damage: new Map() };
  const work: Work = { damage: new Map(), extents: createExtents(text.length), pieces: 0, opened: 0 };
  return { value: salvageAt({ text, base, depth: 0 }, 0, work).value, damage: work.damage };
}

function salvageAt(piece: Piece, from: number, work: Work): Kept {
  const { text, base, depth } = piece;
  const opening = text[from];
  work.opened += 1;
  if (work.opened > MOST_OPENED) return { value: givenUp(text, from, base), end: text.length };
  if (depth < DEEPEST && opening === '[') return salvageList(piece, from, work);
  if (depth < DEEPEST && opening === '{') return salvageObject(piece, from, work);
  return { value: damagedIn(text, from, text.length, base), end: text.length };
}

/** A piece that is not looked into any more. */
function givenUp(text: string, from: number, base: number): Damaged {
  return new Damaged(text.slice(from, from + 256), base + from, 'too much of the text is damaged');
}

/** What is wrong between two places of a text. */
function damagedIn(text: string, from: number, to: number, base: number): Damaged {
  const part = text.slice(from, to);
  const scanned = scanValue(part, 0);
  if (!scanned.ok) return new Damaged(part, base + from + scanned.at, scanned.why);
  const why =
    part.trim() === '' ? 'nothing stands here' : 'something stands behind the value that does not belong to it';
  return new Damaged(part, base + from + scanned.end, why);
}

function salvageList(piece: Piece, from: number, work: Work): Kept {
  const { text, base } = piece;
  const items: unknown[] = [];
  const note = (found: Damaged) => {
    if (!work.damage.has(items)) work.damage.set(items, found);
  };
  const keep = (item: unknown) => {
    items.push(item);
    if (item instanceof Damaged) work.pieces += 1;
    const found = item instanceof Damaged ? item : damageOf(item, work);
    if (found !== undefined) note(found);
  };
  let at = skipBlanks(text, from + 1);
  let good: unknown = null;
  while (at < text.length && text[at] !== ']') {
    if (work.pieces >= MOST_DAMAGED) {
      keep(givenUp(text, at, base));
      return { value: items, end: text.length };
    }
    const item = listItem({ ...piece, depth: piece.depth + 1 }, at, good, work);
    for (const value of item.values) keep(value);
    if (item.isGood) [good] = item.values;
    at = behindComma(text, item.end);
  }
  if (at < text.length) return { value: items, end: at + 1 };
  const isTold = items.at(-1) instanceof Damaged || damageOf(items.at(-1), work) !== undefined;
  if (!isTold) keep(new Damaged('', base + text.length, 'the text ends inside a list'));
  return { value: items, end: text.length };
}

type Items = { readonly values: readonly unknown[]; readonly end: number; readonly isGood: boolean };

/** The item that begins at a place: good, kept in part, or damaged; several when damage hides where one ends. */
function listItem(piece: Piece, at: number, before: unknown, work: Work): Items {
  const { text, base } = piece;
  const scanned = work.extents.scan(text, at);
  if (scanned.ok && isEnd(text, scanned.end, ',]{["')) {
    return { values: [JSON.parse(text.slice(at, scanned.end)) as unknown], end: scanned.end, isGood: true };
  }
  const damaged = (values: readonly unknown[], end: number): Items => ({ values, end, isGood: false });
  if (text[at] === ',') return damaged([new Damaged('', base + at, 'nothing stands between two commas')], at);
  const end = isCutOff(text, scanned) ? null : work.extents.structural(text, at, ']');
  if (end !== null) return damaged([salvagePart(piece, at, end, work)], end);
  const values: unknown[] = [];
  let reached = at;
  for (const { from, to } of work.extents.guessed(text, at, before)) {
    if (work.pieces >= MOST_DAMAGED) break;
    values.push(salvagePart(piece, from, to, work));
    reached = to;
  }
  return damaged(values, reached);
}

/** Whether a text is sound as far as it goes: then no bracket in it can end the value. */
function isCutOff(text: string, scanned: Scanned): boolean {
  return !scanned.ok && scanned.at >= text.length;
}

/** A part whose bounds are known, kept as far as it is good. */
function salvagePart({ text, base, depth }: Piece, from: number, to: number, work: Work): unknown {
  const part = text.slice(from, to);
  const { value } = salvageAt({ text: part, base: base + from, depth }, 0, work);
  const found = value instanceof Damaged ? undefined : damageOf(value, work);
  if (found !== undefined && typeof value === 'object' && value !== null) {
    work.damage.set(value, new Damaged(part, found.at, found.why));
  }
  return value;
}

function damageOf(value: unknown, work: Work): Damaged | undefined {
  return typeof value === 'object' && value !== null ? work.damage.get(value) : undefined;
}

function salvageObject(piece: Piece, from: number, work: Work): Kept {
  const { text, base } = piece;
  const members: Record<string, unknown> = {};
  const note = (at: number, why: string) => {
    if (!work.damage.has(members)) work.damage.set(members, new Damaged(text, at, why));
  };
  let at = skipBlanks(text, from + 1);
  while (at < text.length && text[at] !== '}') {
    const colon = scanKey(text, at);
    if (!colon.ok) {
      note(base + colon.at, colon.why);
      return { value: members, end: text.length };
    }
    const { value, end } = memberValue({ ...piece, depth: piece.depth + 1 }, colon.end, work);
    const found = value instanceof Damaged ? value : damageOf(value, work);
    if (found !== undefined) note(found.at, found.why);
    if (!(value instanceof Damaged)) setOwn(members, nameOf(text.slice(at, colon.end)), value);
    at = behindComma(text, end);
  }
  if (at >= text.length) note(base + text.length, 'the text ends inside an object');
  return { value: members, end: Math.min(at + 1, text.length) };
}

function behindComma(text: string, from: number): number {
  const at = skipBlanks(text, from);
  return text[at] === ',' ? skipBlanks(text, at + 1) : at;
}

/** A member's value; where damage hides its end, what follows is looked through as far as it goes. */
function memberValue(piece: Piece, at: number, work: Work): Kept {
  const { text } = piece;
  const scanned = work.extents.scan(text, at);
  if (scanned.ok && isEnd(text, scanned.end, ',}')) {
    return { value: JSON.parse(text.slice(at, scanned.end)) as unknown, end: scanned.end };
  }
  const end = isCutOff(text, scanned) ? null : work.extents.structural(text, at, '}');
  if (end !== null) return { value: salvagePart(piece, at, end, work), end };
  return salvageAt(piece, at, work);
}

/** `{"a": 1}` of `"a": `, so that JSON.parse reads the name with its escapes. */
function nameOf(head: string): string {
  return Object.keys(JSON.parse(`{${head}1}`) as object)[0] ?? '';
}

/** As JSON.parse does: also a name such as __proto__ is an own member. */
function setOwn(members: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}
