import { blanksEnd, sliceText, type TextBytes } from './text-bytes.ts';

/**
 * A JSON value whose scalars are symbols: what a path leads to is found as in the value itself, but it says which place of
 * the text it is, and not what stands there today.
 */
export type Node = symbol | { readonly [name: string]: Node } | readonly Node[];

/** A scalar: where it stands, quotes and all, and what it is. */
export type Leaf = { readonly from: number; readonly to: number; readonly value: unknown };

export type Span = { readonly from: number; readonly to: number };

export type Tree = {
  readonly root: Node;
  readonly from: number;
  readonly to: number;
  readonly leaves: ReadonlyMap<symbol, Leaf>;
  /** Where each list and its items stand, brackets and all. */
  readonly lists: ReadonlyMap<readonly Node[], ListSpan>;
};

export type ListSpan = Span & { readonly items: readonly Span[] };

type Growing = {
  readonly text: TextBytes;
  at: number;
  readonly leaves: Map<symbol, Leaf>;
  readonly lists: Map<readonly Node[], ListSpan>;
};

const DEEPEST = 16;
const MOST_LEAVES = 4_096;

/**
 * The value that begins at `from` in a text that JSON.parse accepts there. null where it has a name twice, of which only
 * one counts, or is larger or deeper than what readers send.
 */
export function treeAt(text: TextBytes, from: number): Tree | null {
  const growing: Growing = { text, at: from, leaves: new Map(), lists: new Map() };
  const root = grow(growing, 0);
  return root === null ? null : { root, from, to: growing.at, leaves: growing.leaves, lists: growing.lists };
}

function grow(growing: Growing, depth: number): Node | null {
  if (depth > DEEPEST || growing.leaves.size > MOST_LEAVES) return null;
  const mark = growing.text.bytes[growing.at];
  if (mark === 0x7b) return growObject(growing, depth);
  return mark === 0x5b ? growList(growing, depth) : growLeaf(growing);
}

function growObject(growing: Growing, depth: number): Node | null {
  const members: Record<string, Node> = Object.create(null) as Record<string, Node>;
  for (let mark = step(growing); mark !== 0x7d; mark = stepOver(growing)) {
    const name = scalarOf(growing);
    step(growing, 0);
    if (typeof name !== 'string' || step(growing) === undefined) return null;
    const value = grow(growing, depth + 1);
    if (value === null || Object.hasOwn(members, name)) return null;
    members[name] = value;
  }
  growing.at += 1;
  return members;
}

function growList(growing: Growing, depth: number): Node | null {
  const begin = growing.at;
  const list: Node[] = [];
  const spans: Span[] = [];
  for (let mark = step(growing); mark !== 0x5d; mark = stepOver(growing)) {
    const from = growing.at;
    const item = grow(growing, depth + 1);
    if (item === null) return null;
    list.push(item);
    spans.push({ from, to: growing.at });
  }
  growing.at += 1;
  growing.lists.set(list, { from: begin, to: growing.at, items: spans });
  return list;
}

function growLeaf(growing: Growing): symbol | null {
  const from = growing.at;
  const value = scalarOf(growing);
  if (value === undefined) return null;
  const leaf = Symbol('leaf');
  growing.leaves.set(leaf, { from, to: growing.at, value });
  return leaf;
}

/** The scalar that stands here; undefined at the end of the text. */
function scalarOf(growing: Growing): unknown {
  const { text, at } = growing;
  growing.at = text.bytes[at] === 0x22 ? quotedEnd(text, at) : wordEnd(text, at);
  return growing.at > text.length ? undefined : parsedJson(sliceText(text, at, growing.at));
}

/** What a text of JSON says; undefined where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function quotedEnd({ bytes, length }: TextBytes, from: number): number {
  let at = from + 1;
  while (at < length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at + 1;
}

function wordEnd({ bytes, length }: TextBytes, from: number): number {
  let at = from;
  while (at < length && /[\w.+-]/.test(String.fromCharCode(bytes[at] ?? 0))) at += 1;
  return at;
}

/** Steps over `by` bytes and the blanks behind them, to the byte that is given; undefined at the end. */
function step(growing: Growing, by = 1): number | undefined {
  growing.at = blanksEnd(growing.text, growing.at + by);
  return growing.at < growing.text.length ? growing.text.bytes[growing.at] : undefined;
}

/** To the next member, or to the bracket that closes. */
function stepOver(growing: Growing): number | undefined {
  return step(growing, 0) === 0x2c ? step(growing) : growing.text.bytes[growing.at];
}
