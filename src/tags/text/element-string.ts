import { isAi, isNumericAi } from '../ai/dictionary.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import type { Split } from './urn.ts';

/** FNC1 as scanners send it. */
export const groupSeparator = String.fromCharCode(29);

export type Pair = readonly [ai: string, value: string];

/** Elements and where in the text the value of each begins. `warnings` name what was passed over because its AI is not known. */
export type Elemental = {
  readonly pairs: readonly Pair[];
  readonly starts: readonly number[];
  readonly warnings: readonly TagError[];
};

/** An element that nothing here knows, which stands at `at`. */
export function unknownElement(ai: string, at: number): TagError {
  const what = ai === '' ? 'No AI stands here' : `AI ${ai} is not known`;
  return tagError('UNKNOWN_AI', `${what}; what follows it was not read.`, at, 'an AI');
}

/** Blanks that are printed around a value, and FNC1 behind it, are no part of it; nor are blanks between the digits of a number. */
function printed(ai: string, raw: string): string {
  const value = withoutEnds(raw);
  return isNumericAi(ai) && /^[\d\s]+$/.test(value) ? value.replace(/\s/g, '') : value;
}

/** Without a pattern at the end: that would look through each run of blanks once for every blank in it. */
function withoutEnds(raw: string): string {
  const value = raw.trimStart();
  let end = value.length;
  while (end > 0 && (value[end - 1] === groupSeparator || value[end - 1]?.trim() === '')) end -= 1;
  return value.slice(0, end);
}

/** Reads `(01)…(21)…` into AI and value, as people print it; `\(` is a bracket of the value. */
export function splitBracketed(text: string): Split<Elemental> {
  const pairs: Pair[] = [];
  const places: number[] = [];
  const warnings: TagError[] = [];
  const starts = [...text.matchAll(/(?<!\\)\((\d{2,4})\)/g)];
  if (starts[0]?.index !== 0) {
    return { ok: false, error: tagError('SYNTAX', 'An element string begins with an AI.', 0, '(01)…') };
  }
  const seen = new Set<string>();
  for (const [at, start] of starts.entries()) {
    const ai = start[1] ?? '';
    if (seen.has(ai)) {
      return { ok: false, error: tagError('SYNTAX', `AI ${ai} stands twice.`, start.index, 'each AI once') };
    }
    seen.add(ai);
    const from = start.index + start[0].length;
    const raw = text.slice(from, starts[at + 1]?.index ?? text.length);
    if (isAi(ai)) {
      places.push(from + raw.length - raw.trimStart().length);
      pairs.push([ai, printed(ai, raw).replaceAll('\\(', '(')]);
    } else warnings.push(unknownElement(ai, from));
  }
  return { ok: true, value: { pairs, starts: places, warnings } };
}
