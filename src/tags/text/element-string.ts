import { tagError } from '../error.ts';
import type { Split } from './urn.ts';

export type Pair = readonly [ai: string, value: string];

/** Elements and where in the text the value of each begins. */
export type Elemental = { readonly pairs: readonly Pair[]; readonly starts: readonly number[] };

/** Reads `(01)…(21)…` into AI and value; `\(` is a bracket of the value. */
export function splitBracketed(text: string): Split<Elemental> {
  const pairs: Pair[] = [];
  const starts = [...text.matchAll(/(?<!\\)\((\d{2,4})\)/g)];
  if (starts[0]?.index !== 0) {
    return { ok: false, error: tagError('SYNTAX', 'An element string begins with an AI.', 0, '(01)…') };
  }
  const places: number[] = [];
  starts.forEach((start, at) => {
    const from = start.index + start[0].length;
    places.push(from);
    pairs.push([start[1] ?? '', text.slice(from, starts[at + 1]?.index ?? text.length).replaceAll('\\(', '(')]);
  });
  const seen = new Map<string, number>();
  for (const [at, [ai]] of pairs.entries()) {
    if (seen.has(ai)) {
      return {
        ok: false,
        error: tagError('SYNTAX', `AI ${ai} stands twice.`, starts[at]?.index ?? null, 'each AI once'),
      };
    }
    seen.set(ai, at);
  }
  return { ok: true, value: { pairs, starts: places } };
}
