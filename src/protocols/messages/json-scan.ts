/** Where a JSON value ends, or the first place at which the text is none, with the reason in words. */
export type Scanned =
  | { readonly ok: true; readonly end: number }
  | { readonly ok: false; readonly at: number; readonly why: string };

/** Where the scan is, and why it stopped there; null while all is well. One object a scan: values are many. Steps say whether they went well. */
type Cursor = { readonly text: string; at: number; why: string | null };

/** Levels after which a text is no message of any reader; each costs memory. */
export const DEEPEST_SCANNED = 10_000;

/**
 * Finds the end of the JSON value (RFC 8259) that begins at `from`, blanks before it allowed. It accepts exactly what
 * JSON.parse accepts, down to 10,000 levels; it builds nothing, throws nothing and needs no stack.
 */
export function scanValue(text: string, from: number): Scanned {
  const cursor: Cursor = { text, at: skipBlanks(text, from), why: null };
  /** Of each container that is open, whether it is an object. */
  const open: boolean[] = [];
  do {
    if (beginValue(cursor, open)) continue;
    endValue(cursor, open);
  } while (cursor.why === null && open.length > 0);
  return outcome(cursor);
}

function outcome({ at, why }: Cursor): Scanned {
  return why === null ? { ok: true, end: at } : { ok: false, at, why };
}

function fail(cursor: Cursor, at: number, why: string): false {
  cursor.at = at;
  cursor.why = why;
  return false;
}

/** Steps over a scalar or an empty container; true where it stepped into a container, to its first value. */
function beginValue(cursor: Cursor, open: boolean[]): boolean {
  const { text, at } = cursor;
  const isObject = text[at] === '{';
  if (!isObject && text[at] !== '[') {
    stepScalar(cursor);
    return false;
  }
  if (open.length >= DEEPEST_SCANNED) return fail(cursor, at, 'it is nested too deeply');
  cursor.at = skipBlanks(text, at + 1);
  if (text[cursor.at] === (isObject ? '}' : ']')) {
    cursor.at += 1;
    return false;
  }
  open.push(isObject);
  if (isObject) stepKey(cursor);
  return true;
}

/** From behind a value to the next one, closing what closes; `open` is empty when the whole has ended. */
function endValue(cursor: Cursor, open: boolean[]): boolean {
  const { text } = cursor;
  while (cursor.why === null && open.length > 0) {
    const isObject = open.at(-1) === true;
    cursor.at = skipBlanks(text, cursor.at);
    if (text[cursor.at] === ',') {
      cursor.at = skipBlanks(text, cursor.at + 1);
      return !isObject || stepKey(cursor);
    }
    if (text[cursor.at] !== (isObject ? '}' : ']')) return fail(cursor, cursor.at, wanted(text, cursor.at, isObject));
    open.pop();
    cursor.at += 1;
  }
  return cursor.why === null;
}

function wanted(text: string, at: number, isObject: boolean): string {
  const where = isObject ? 'an object' : 'a list';
  if (at >= text.length) return `the text ends inside ${where}`;
  return `${shown(text, at)} stands where , or ${isObject ? '}' : ']'} is due`;
}

/** A member's name and its colon; the end is where its value begins. */
export function scanKey(text: string, at: number): Scanned {
  const cursor: Cursor = { text, at, why: null };
  stepKey(cursor);
  return outcome(cursor);
}

function stepKey(cursor: Cursor): boolean {
  const { text, at } = cursor;
  if (text[at] !== '"')
    return fail(cursor, at, at >= text.length ? 'the text ends inside an object' : noName(text, at));
  if (!stepString(cursor)) return false;
  const colon = skipBlanks(text, cursor.at);
  if (text[colon] !== ':') return fail(cursor, colon, 'a colon is missing behind a name');
  cursor.at = skipBlanks(text, colon + 1);
  return true;
}

function noName(text: string, at: number): string {
  return `${shown(text, at)} stands where a name in quotes is due`;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z0-9_$+.-]+/y;
const words = ['true', 'false', 'null'] as const;

function stepScalar(cursor: Cursor): boolean {
  const { text, at } = cursor;
  if (text[at] === '"') return stepString(cursor);
  const word = words.find((one) => text.startsWith(one, at));
  NUMBER.lastIndex = at;
  if (word !== undefined) cursor.at += word.length;
  else if (NUMBER.test(text)) cursor.at = NUMBER.lastIndex;
  else return fail(cursor, at, at >= text.length ? 'the text ends where a value is due' : noValue(text, at));
  return true;
}

function noValue(text: string, at: number): string {
  return `${shown(text, at)} is no JSON value`;
}

/** From its quote to behind the closing one. */
function stepString(cursor: Cursor): boolean {
  const { text } = cursor;
  let at = cursor.at + 1;
  for (let code = text.charCodeAt(at); at < text.length && code !== 0x22; code = text.charCodeAt(at)) {
    if (code < 0x20) return fail(cursor, at, 'a line break or control character stands inside a string');
    const size = code === 0x5c ? escapeSize(text, at) : 1;
    if (size === 0) return fail(cursor, at, 'a backslash in a string begins no escape');
    at += size;
  }
  if (at >= text.length) return fail(cursor, text.length, 'the text ends inside a string');
  cursor.at = at + 1;
  return true;
}

function escapeSize(text: string, at: number): 0 | 2 | 6 {
  const next = text[at + 1] ?? '';
  if (next === 'u') return /^[0-9A-Fa-f]{4}$/.test(text.slice(at + 2, at + 6)) ? 6 : 0;
  return next !== '' && '"\\/bfnrt'.includes(next) ? 2 : 0;
}

/** The first place from `from` on that is no blank of JSON's. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); isBlank(code); code = text.charCodeAt(at)) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The word that stands at a place, or its one character. */
function shown(text: string, at: number): string {
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0] ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
  return word.length > 24 ? `${word.slice(0, 24)}…` : word;
}
