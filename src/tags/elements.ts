import { checkDigit, isDigits } from './bits/digits.ts';
import { domainProblem } from './domain.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';
import { suffixOf } from './identity.ts';
import type { Elements, Identifier } from './row.ts';
import { identifiers } from './schemes/table.ts';
import type { Pair } from './text/element-string.ts';

export type KeyFound =
  | { readonly ok: true; readonly identifier: Identifier; readonly elements: string[]; readonly rest: readonly Pair[] }
  | { readonly ok: false; readonly error: TagError };

/** Why the fixed part of a key is wrong: its length, its lead zero, its check digit. */
function fixedProblem(spec: Elements, value: string): TagError | null {
  const { ai, digits, lead, suffix } = spec.key;
  if (digits === null) return null;
  const fixed = value.slice(0, digits);
  if (lead === 'zero' && !fixed.startsWith('0')) {
    return tagError('LEADING_ZERO', `AI ${ai} begins with a zero.`, null, '0');
  }
  if (fixed.length < digits) return tagError('TOO_SHORT', `AI ${ai} is too short.`, null, `${digits} digits`);
  if (suffix.length === 0 && value.length > digits) {
    return tagError('TOO_LONG', `AI ${ai} is too long.`, null, `${digits} digits`);
  }
  if (!isDigits(fixed)) return tagError('BAD_CHARACTER', `AI ${ai} is not all digits.`, null, '0-9');
  const expected = checkDigit(fixed.slice(0, -1));
  if (fixed.endsWith(expected)) return null;
  if (lead === 'zero' && fixed.charAt(digits - 2) === checkDigit(fixed.slice(0, -2))) {
    return tagError('LEADING_ZERO', `AI ${ai} lacks the zero before its 13 digits.`, null, '0');
  }
  return tagError('CHECK_DIGIT', `The check digit of AI ${ai} is wrong.`, null, expected);
}

function suffixProblem(identifier: Identifier, spec: Elements, value: string): TagError | null {
  const { digits, suffix, ai } = spec.key;
  if (digits === null) return freeProblem(identifier, value);
  if (suffix.length === 0) return null;
  if (value.length === digits) {
    return tagError('CLASS_LEVEL', `AI ${ai} has no serial: it names a class of things.`, null, 'a serial');
  }
  for (const [index, rest] of suffixOf(identifier, spec, value)) {
    const problem = componentProblem(identifier, index, rest);
    if (problem !== null) return problem;
  }
  return null;
}

/** Keys without a check digit: the company prefix's digits, then the reference. */
function freeProblem(identifier: Identifier, value: string): TagError | null {
  const component = identifier.components[1];
  if (component === undefined || component.domain.kind !== 'text') return null;
  if (!isDigits(value.slice(0, 6)))
    return tagError('BAD_CHARACTER', 'The company prefix is not all digits.', null, '0-9');
  const { set, max } = component.domain;
  return domainProblem(value, { kind: 'text', set, min: 7, max }, 0, component.name);
}

function componentProblem(identifier: Identifier, index: number, value: string): TagError | null {
  const component = identifier.components[index];
  return component === undefined ? null : domainProblem(value, component.domain, 0, component.name);
}

/** The first reason why these element values do not make the identifier, or `null`. */
export function elementsProblem(identifier: Identifier, elements: readonly string[]): TagError | null {
  const spec = identifier.elements;
  if (spec === null) return null;
  const key = elements[0] ?? '';
  const problem = fixedProblem(spec, key) ?? suffixProblem(identifier, spec, key);
  if (problem !== null) return problem;
  for (const [at, other] of spec.others.entries()) {
    const value = elements[at + 1];
    if (value === undefined) continue;
    const wrong =
      other.domain === undefined
        ? componentProblem(identifier, other.component, value)
        : domainProblem(value, other.domain, 0, `value of AI ${other.ai}`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function keyFor(identifier: Identifier, pairs: readonly Pair[]): string[] | null {
  const spec = identifier.elements;
  if (spec === null) return null;
  const values = new Map(pairs);
  const key = values.get(spec.key.ai);
  if (key === undefined) return null;
  const elements = [key];
  for (const other of spec.others) {
    const value = values.get(other.ai);
    if (value === undefined && other.omit === null) return null;
    if (value !== undefined && value !== other.omit) elements.push(value);
  }
  return elements;
}

/** Finds which identifier these elements name; `pairs[0]` is its primary key. */
export function findKey(pairs: readonly Pair[]): KeyFound {
  const first = pairs[0]?.[0] ?? '';
  const candidates = identifiers.filter((identifier) => identifier.elements?.key.ai === first);
  if (candidates.length === 0) {
    return {
      ok: false,
      error: tagError('UNKNOWN_AI', `AI ${first} is not a key.`, 0, 'a primary key such as 01 or 00'),
    };
  }
  for (const identifier of candidates) {
    const elements = keyFor(identifier, pairs);
    if (elements === null) continue;
    const problem = elementsProblem(identifier, elements);
    if (problem !== null) return { ok: false, error: problem };
    const used = new Set([first, ...(identifier.elements?.others.map((other) => other.ai) ?? [])]);
    return { ok: true, identifier, elements, rest: pairs.filter(([ai]) => !used.has(ai)) };
  }
  const spec = candidates[0]?.elements;
  const problem = spec == null ? null : fixedProblem(spec, pairs[0]?.[1] ?? '');
  const expected = spec?.others.map((other) => `AI ${other.ai}`).join(', ') ?? null;
  return {
    ok: false,
    error: problem ?? tagError('CLASS_LEVEL', `AI ${first} alone names a class of things.`, null, expected),
  };
}
