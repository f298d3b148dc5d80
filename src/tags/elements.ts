import { checkDigit, isDigits } from './bits/digits.ts';
import { domainProblem } from './domain.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';
import { isZeroGtin, zeroGtin } from './gtin.ts';
import { suffixOf } from './identity.ts';
import type { Elements, Identifier } from './row.ts';
import { identifiers } from './schemes/table.ts';
import type { Elemental, Pair } from './text/element-string.ts';

export type KeyFound =
  | { readonly ok: true; readonly identifier: Identifier; readonly elements: string[]; readonly rest: readonly Pair[] }
  | { readonly ok: false; readonly error: TagError };

/** Why the fixed part of a key is wrong: its length, its lead zero, its check digit. */
function fixedProblem(spec: Elements, value: string): TagError | null {
  const { ai, digits, lead, suffix } = spec.key;
  if (digits === null) return null;
  const fixed = value.slice(0, digits);
  if (lead === 'zero' && !fixed.startsWith('0')) {
    return tagError('LEADING_ZERO', `AI ${ai} begins with a zero.`, 0, '0');
  }
  if (fixed.length < digits) return tagError('TOO_SHORT', `AI ${ai} is too short.`, fixed.length, `${digits} digits`);
  if (suffix.length === 0 && value.length > digits) {
    return tagError('TOO_LONG', `AI ${ai} is too long.`, digits, `${digits} digits`);
  }
  if (!isDigits(fixed)) {
    return tagError('BAD_CHARACTER', `AI ${ai} is not all digits.`, fixed.search(/\D/), '0-9');
  }
  return checkProblem(spec, fixed, digits);
}

function checkProblem({ key: { ai, lead } }: Elements, fixed: string, digits: number): TagError | null {
  const expected = checkDigit(fixed.slice(0, -1));
  if (fixed.endsWith(expected)) return lead === 'indicator' && isZeroGtin(fixed) ? zeroGtin : null;
  if (lead === 'zero' && fixed.charAt(digits - 2) === checkDigit(fixed.slice(0, -2))) {
    return tagError('LEADING_ZERO', `AI ${ai} lacks the zero before its 13 digits.`, 0, '0');
  }
  return tagError('CHECK_DIGIT', `The check digit of AI ${ai} is wrong.`, digits - 1, expected);
}

function suffixProblem(identifier: Identifier, spec: Elements, value: string): TagError | null {
  const { digits, suffix, ai } = spec.key;
  if (digits === null) return freeProblem(identifier, value);
  if (suffix.length === 0) return null;
  if (value.length === digits) {
    return tagError('CLASS_LEVEL', `AI ${ai} has no serial: it names a class of things.`, digits, 'a serial');
  }
  let from = digits;
  for (const [index, rest] of suffixOf(identifier, spec, value)) {
    const problem = componentProblem(identifier, index, rest);
    if (problem !== null) return { ...problem, position: from + (problem.position ?? 0) };
    from += rest.length;
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

/** A reason, and which element it is about; its position counts from the start of that element's value. */
export type ElementFault = { readonly element: number; readonly error: TagError };

/** The first reason why these element values do not make the identifier, or `null`. */
export function elementsProblem(identifier: Identifier, elements: readonly string[]): ElementFault | null {
  const spec = identifier.elements;
  if (spec === null) return null;
  const key = elements[0] ?? '';
  const error = fixedProblem(spec, key) ?? suffixProblem(identifier, spec, key);
  if (error !== null) return { element: 0, error };
  for (const [at, other] of spec.others.entries()) {
    const value = elements[at + 1];
    if (value === undefined) continue;
    const wrong =
      other.domain === undefined
        ? componentProblem(identifier, other.component, value)
        : domainProblem(value, other.domain, 0, `value of AI ${other.ai}`);
    if (wrong !== null) return { element: at + 1, error: wrong };
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

const primaryKeys: ReadonlySet<string | undefined> = new Set(identifiers.map(({ elements }) => elements?.key.ai));

const checkedKeys: ReadonlySet<string | undefined> = new Set(
  identifiers.filter(({ elements }) => elements?.key.digits !== null).map(({ elements }) => elements?.key.ai),
);

/** Whether the AI is a primary key with a check digit, which tells it from digits that happen to begin so. */
export function isCheckedKey(ai: string): boolean {
  return checkedKeys.has(ai);
}

/** Whether the AI is the primary key of some identifier. */
export function isPrimaryKey(ai: string): boolean {
  return primaryKeys.has(ai);
}

/** The fault with its place in the text, where `starts` tell where each value begins. */
function located(fault: ElementFault, spec: Elements, pairs: readonly Pair[], starts: readonly number[]): TagError {
  const ai = fault.element === 0 ? spec.key.ai : spec.others[fault.element - 1]?.ai;
  const start = starts[pairs.findIndex(([other]) => other === ai)];
  return start === undefined ? fault.error : { ...fault.error, position: start + (fault.error.position ?? 0) };
}

/** Finds which identifier these elements name: the first primary key among them counts. */
export function findKey({ pairs, starts }: Pick<Elemental, 'pairs' | 'starts'>): KeyFound {
  const [first, key] = pairs.find(([ai]) => isPrimaryKey(ai)) ?? pairs[0] ?? ['', ''];
  const candidates = identifiers.filter((identifier) => identifier.elements?.key.ai === first);
  if (candidates.length === 0) {
    return {
      ok: false,
      error: tagError('UNKNOWN_AI', `AI ${first} is not a key.`, 0, 'a primary key such as 01 or 00'),
    };
  }
  for (const identifier of candidates) {
    const spec = identifier.elements;
    const elements = keyFor(identifier, pairs);
    if (elements === null) continue;
    const fault = elementsProblem(identifier, elements);
    if (fault !== null && spec !== null) return { ok: false, error: located(fault, spec, pairs, starts) };
    const used = new Set([first, ...(spec?.others.map((other) => other.ai) ?? [])]);
    return { ok: true, identifier, elements, rest: pairs.filter(([ai]) => !used.has(ai)) };
  }
  return { ok: false, error: classError(candidates[0]?.elements ?? null, first, key, { pairs, starts }) };
}

/** The key alone: wrong in itself, or the name of a class. */
function classError(
  spec: Elements | null,
  ai: string,
  key: string,
  { pairs, starts }: Pick<Elemental, 'pairs' | 'starts'>,
): TagError {
  const error = spec === null ? null : fixedProblem(spec, key);
  if (spec !== null && error !== null) return located({ element: 0, error }, spec, pairs, starts);
  const expected = spec?.others.map((other) => `AI ${other.ai}`).join(', ') ?? null;
  return tagError('CLASS_LEVEL', `AI ${ai} alone names a class of things.`, null, expected);
}
