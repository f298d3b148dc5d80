import { RE2JS, RE2JSException } from 're2js';
import type { Groups } from './tag-line.ts';

/**
 * Instructions that an expression may compile to. The engine takes at most each of them once for each character: 1.5 million steps
 * for the longest line. The longest one shipped has about a thousand (`.{1,500}`).
 */
const MOST_INSTRUCTIONS = 1_500;

/** A compiled expression of a profile; the named groups of a line that fits it whole, null for any other line. */
export type Expression = { exec(line: string): { readonly groups: Groups } | null };

/**
 * Compiles an expression of a profile, in the syntax of RE2, without regard to case. Profiles come from third parties, and lines
 * from whatever is at the other end: RE2 needs time in proportion to the line whatever both are, where a backtracking engine may
 * need years for 80 characters. RegExp takes its place where all ways to try are at most a million. null for what is not anchored at both ends, is no RE2 (so references and look-around, which have no
 * linear engine), or is too large.
 */
export function compileExpression(text: string): Expression | null {
  if (!text.startsWith('^') || !text.endsWith('$')) return null;
  const compiled = compileLinear(text);
  if (compiled === null || compiled.programSize() > MOST_INSTRUCTIONS) return null;
  return quickExpression(text) ?? linearExpression(compiled);
}

/** Ways in which the quantifiers and alternatives of an expression may share out a line, up to which RegExp may try all of them. */
const MOST_WAYS = 1_000_000;
const UNBOUNDED = 1_024;

/** The same by RegExp, which is many times as fast, where it cannot run away and means what RE2 means; null where it might not. */
function quickExpression(text: string): Expression | null {
  if (/\\[A-Za-z0-9]/.test(text.replaceAll(/\\[dDwW]/g, ''))) return null;
  const flat = text.replaceAll(/\\./g, 'x').replaceAll(/\[\^?[^\][]+\]/g, 'x');
  if (/[[\]]|\(\?(?!:|<[a-zA-Z])|\)[*+{]/.test(flat) || waysOf(flat) > MOST_WAYS) return null;
  const whole = new RegExp(`^(?:${text})$`, 'i');
  return {
    exec: (line) => {
      const found = whole.exec(line);
      return found === null ? null : { groups: { ...found.groups } };
    },
  };
}

/** The product of what each quantifier and each alternative may choose among, of an expression without classes and escapes. */
function waysOf(flat: string): number {
  const inner = flat.replaceAll(/\(\?(:|<[a-zA-Z]\w*>)/g, '(');
  let ways = 1;
  for (const [choice, least, comma, most] of inner.matchAll(/[*+?|]|\{(\d+)(,?)(\d*)\}/g)) {
    if (choice === '?' || choice === '|') ways *= 2;
    else if (least === undefined || (comma === ',' && most === '')) ways *= UNBOUNDED;
    else if (comma === ',') ways *= Number(most) - Number(least) + 1;
  }
  return ways;
}

function linearExpression(compiled: RE2JS): Expression {
  const names = Object.entries(compiled.namedGroups());
  return {
    exec: (line) => {
      const matcher = compiled.matcher(line);
      if (!matcher.matches()) return null;
      return { groups: Object.fromEntries(names.map(([name, index]) => [name, matcher.group(index) ?? undefined])) };
    },
  };
}

function compileLinear(text: string): RE2JS | null {
  try {
    return RE2JS.compile(text, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}
