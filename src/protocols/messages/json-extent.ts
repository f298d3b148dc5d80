import { DEEPEST_SCANNED, type Scanned, scanValue, skipBlanks } from './json-scan.ts';

/** Finds where damaged values end. Its effort is bounded by the size of the text, whatever the damage is. */
export type Extents = {
  /** As `scanValue`; once the effort is used up nothing is good any more. */
  scan(text: string, from: number): Scanned;
  /** The end of a list's item or an object's value by its brackets and strings; null where they do not tell. */
  structural(text: string, from: number, close: ']' | '}'): number | null;
  /** The same of a container that stands in no other. */
  alone(text: string, from: number): number | null;
  /** Where the damaged items of a list from `from` on begin and end, up to the next good one. `good` is the last one before them. */
  guessed(text: string, from: number, good: unknown): readonly Bounds[];
  /** Where a value that stands alone begins again, alike where this one is a container; null where none does. */
  next(text: string, from: number): number | null;
};
type Bounds = { readonly from: number; readonly to: number };

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
/** Characters that are looked at again for each character of the text, at most. */
const AGAIN = 2;
/** The same for texts of any size: 16 MiB of brackets that never close hold nobody up for seconds. */
const MOST_AGAIN = 8_000_000;
/** What may follow a value that stands alone. */
export const ALONE = '{[,"';

export function createExtents(size: number): Extents {
  const effort = { left: Math.min(AGAIN * size + 100_000, MOST_AGAIN) };
  const ended = (text: string, from: number, marks: string): number | null => {
    if (effort.left <= 0) return null;
    const { end, looked } = bracketEnd(text, from, marks);
    effort.left -= looked - from;
    return end;
  };
  const finder = createFinder(effort);
  return {
    scan: (text, from) => {
      if (effort.left <= 0) return { ok: false, at: from, why: 'too much of the text is damaged' };
      const scanned = scanValue(text, from);
      effort.left -= (scanned.ok ? scanned.end : scanned.at) - from;
      return scanned;
    },
    structural: (text, from, close) => ended(text, from, `,${close}`),
    alone: (text, from) => ended(text, from, ALONE),
    guessed: (text, from, good) => {
      const name = nameAt(text, from) ?? firstName(good);
      const alike = name === null ? null : new RegExp(`,\\s*${opening(name)}`, 'g');
      // Where nobody says how items begin, any value may be one; else the lists inside an item would be taken for items.
      const end = finder(text, from, alike ?? /,\s*[{["]/g, ',]') ?? text.length;
      const inner = alike === null ? [] : placesOf(text, from + 1, end, alike);
      return [from, ...inner].map((start, i) => ({
        from: i === 0 ? start : skipBlanks(text, start + 1),
        to: inner[i] ?? end,
      }));
    },
    next: (text, from) => {
      if (text[from] !== '{') return text[from] === '[' ? null : finder(text, from, /[{[]/g, ALONE);
      const name = nameAt(text, from);
      return name === null ? null : finder(text, from + 1, new RegExp(`(?<!:\\s*)${opening(name)}`, 'g'), '{[');
    },
  };
}

/** Finds the first place like `pattern` at which a good value stands, with one of `marks` behind it. */
function createFinder(effort: { left: number }) {
  const isGood = (text: string, at: number, marks: string): boolean => {
    const scanned = scanValue(text, at);
    effort.left -= (scanned.ok ? scanned.end : scanned.at) - at + 1;
    return scanned.ok && isEnd(text, scanned.end, marks);
  };
  return (text: string, from: number, pattern: RegExp, marks: string): number | null => {
    pattern.lastIndex = from;
    let looked = from;
    for (let found = pattern.exec(text); found !== null && effort.left > 0; found = pattern.exec(text)) {
      const at = text[found.index] === ',' ? skipBlanks(text, found.index + 1) : found.index;
      effort.left -= Math.max(0, found.index - looked);
      looked = found.index;
      if (isGood(text, at, marks)) return found.index;
      pattern.lastIndex = found.index + 1;
    }
    return null;
  };
}

/** The first name of the object at a place: the items of one list begin alike. */
function nameAt(text: string, at: number): string | null {
  const own = /\{\s*"([^"\\\n]{1,80})"\s*:/y;
  own.lastIndex = at;
  return own.exec(text)?.[1] ?? null;
}

function firstName(value: unknown): string | null {
  const [name] = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return name !== undefined && /^[^"\\\n]{1,80}$/.test(name) ? name : null;
}

function opening(name: string): string {
  return `\\{\\s*"${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}"\\s*:`;
}

function placesOf(text: string, from: number, to: number, pattern: RegExp): number[] {
  const found: number[] = [];
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null && match.index < to; match = pattern.exec(text)) {
    found.push(match.index);
  }
  return found;
}

/** Whether what follows a value ends it: one of `marks`, or the end of the text. */
export function isEnd(text: string, from: number, marks: string): boolean {
  const at = skipBlanks(text, from);
  return at >= text.length || marks.includes(text[at] ?? '');
}

type Bracketed = { readonly end: number | null; readonly looked: number };

/** A bracket's counterpart, or the end of a bare word, with one of `marks` behind it; null where brackets or quotes do not match. */
function bracketEnd(text: string, from: number, marks: string): Bracketed {
  const open: string[] = [];
  for (let at = from; at < text.length; at++) {
    const mark = text[at] ?? '';
    if (mark === '"') {
      const quote = stringEnd(text, at);
      if (quote === null) return { end: null, looked: at };
      at = quote;
    } else {
      const end = stepOver(text, at, open, marks);
      if (end !== undefined) return { end, looked: at };
    }
  }
  return { end: null, looked: text.length };
}

/** Takes one character outside a string: the end of all of it, null where it fits nothing, undefined to go on. */
function stepOver(text: string, at: number, open: string[], marks: string): number | null | undefined {
  const mark = text[at] ?? '';
  const counterpart = closing[mark];
  if (counterpart !== undefined) {
    open.push(counterpart);
    return open.length > DEEPEST_SCANNED ? null : undefined;
  }
  if (open.length === 0) return bareEnd(mark, at, marks);
  if (mark !== '}' && mark !== ']') return undefined;
  if (open.pop() !== mark) return null;
  if (open.length > 0) return undefined;
  return isEnd(text, at + 1, marks) ? at + 1 : null;
}

function bareEnd(mark: string, at: number, marks: string): number | null | undefined {
  if (marks.includes(mark)) return at;
  return ':]}'.includes(mark) ? null : undefined;
}

/** The closing quote; null where what follows it shows that a quote is missing. */
function stringEnd(text: string, from: number): number | null {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at < text.length && isEnd(text, at + 1, ',:]}') ? at : null;
}
