/** Longest backtracking that an expression of a profile may cause on one line. */
const MOST_STEPS = 1_000_000;
const UNBOUNDED = 1_024;

/**
 * Compiles an expression of a profile. Profiles come from third parties, so only what cannot run away is allowed:
 * anchored at both ends, no references, no look-around, no group repeated more than once, and all ways in which its
 * quantifiers can share out a line are at most a million. null when it is anything else.
 */
export function compileExpression(text: string): RegExp | null {
  if (!text.startsWith('^') || !text.endsWith('$')) return null;
  const bare = text.replaceAll(/\\./g, (escaped) => (/\\[\dk]/.test(escaped) && !/\\d/.test(escaped) ? '\u0000' : 'x'));
  const flat = bare.replaceAll(/\[[^\]]*\]/g, 'x');
  if (flat.includes('\u0000') || /\(\?(?!:|<[a-zA-Z])/.test(flat) || /\)[*+{]/.test(flat)) return null;
  if (effort(flat) > MOST_STEPS) return null;
  try {
    return new RegExp(text, 'i');
  } catch {
    return null;
  }
}

/** The product of what each quantifier may choose among, times the alternatives. */
function effort(flat: string): number {
  const inner = flat.replaceAll(/\(\?(:|<[a-zA-Z]\w*>)/g, '(');
  let ways = 1 + (inner.match(/\|/g)?.length ?? 0);
  for (const [quantifier, least, comma, most] of inner.matchAll(/[*+?]|\{(\d+)(,?)(\d*)\}/g)) {
    if (quantifier === '?') ways *= 2;
    else if (least === undefined) ways *= UNBOUNDED;
    else if (comma === ',') ways *= most === '' ? UNBOUNDED : Number(most) - Number(least) + 1;
  }
  return ways;
}
