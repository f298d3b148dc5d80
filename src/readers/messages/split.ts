/** One member of a payload: parsed, or a text that is no JSON. */
export type Member = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly text: string };

/**
 * The members of a JSON payload: one object, the items of an array, one per line (NDJSON), or objects glued together
 * without a separator (Zebra over WebSocket and TCP). A damaged member does not spoil its neighbours; a payload with no
 * good member at all is one damaged member.
 */
export function jsonMembers(text: string): Member[] {
  if (text.trim() === '') return [];
  const whole = parsed(text);
  if (whole.ok) return items(whole);
  for (const pieces of [lines(text).flatMap(lineMembers), glued(text)]) {
    if (pieces.some((piece) => piece.ok)) return pieces;
  }
  return [whole];
}

/** The lines that are not blank. */
export function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function lineMembers(line: string): Member[] {
  const whole = parsed(line);
  if (whole.ok) return items(whole);
  const pieces = glued(line);
  return pieces.some((piece) => piece.ok) ? pieces : [whole];
}

function items(member: Member & { ok: true }): Member[] {
  return Array.isArray(member.value) ? member.value.map((value: unknown) => ({ ok: true, value })) : [member];
}

function parsed(text: string): Member {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, text };
  }
}

/** Cuts after each bracket that closes the outermost one; brackets inside strings do not count. */
function glued(text: string): Member[] {
  const members: Member[] = [];
  let from = 0;
  let depth = 0;
  for (let at = nextBracket(text, 0); at < text.length; at = nextBracket(text, at + 1)) {
    depth = Math.max(0, depth + (text[at] === '{' || text[at] === '[' ? 1 : -1));
    if (depth > 0) continue;
    members.push(parsed(text.slice(from, at + 1)));
    from = at + 1;
  }
  if (text.slice(from).trim() !== '') members.push({ ok: false, text: text.slice(from) });
  return members;
}

const brackets = new Set(['{', '}', '[', ']']);

/** Where the next bracket outside a string stands; the text's length when there is none. */
function nextBracket(text: string, from: number): number {
  let at = from;
  while (at < text.length && !brackets.has(text[at] ?? '')) at = text[at] === '"' ? endOfString(text, at) + 1 : at + 1;
  return Math.min(at, text.length);
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
