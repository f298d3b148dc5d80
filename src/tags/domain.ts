import { isDigits } from './bits/digits.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';
import type { Domain, Identifier } from './row.ts';
import { strayAt } from './text/charset.ts';

type Text = Omit<Extract<Domain, { kind: 'text' }>, 'kind'>;

function sized(value: string, min: number, max: number, name: string): TagError | null {
  const expected = min === max ? String(max) : `${min} to ${max}`;
  if (value.length < min) return tagError('TOO_SHORT', `The ${name} is too short.`, null, expected);
  if (value.length > max) return tagError('TOO_LONG', `The ${name} is too long.`, null, expected);
  return null;
}

function textProblem(value: string, domain: Text, prefix: number, name: string): TagError | null {
  const max = domain.withPrefix === true ? domain.max - prefix : domain.max;
  const size = sized(value, domain.min, max, name);
  if (size !== null) return size;
  const rest = domain.hashFirst === true && value.length > 1 && value.startsWith('#') ? value.slice(1) : value;
  const stray = strayAt(rest, domain.set);
  if (stray < 0) return null;
  return tagError('BAD_CHARACTER', `The ${name} has a character that may not stand here.`, stray, domain.set.name);
}

function numberProblem(value: string, max: string, name: string): TagError | null {
  if (value === '') return tagError('TOO_SHORT', `The ${name} is empty.`, null, 'digits');
  if (!isDigits(value)) return tagError('BAD_CHARACTER', `The ${name} is not a number.`, null, '0-9');
  if (value.length > 1 && value.startsWith('0')) {
    return tagError('LEADING_ZERO', `The ${name} has a leading zero.`, null, 'no leading zero');
  }
  const above = value.length > max.length || (value.length === max.length && value > max);
  return above ? tagError('FIELD_OVERFLOW', `The ${name} is too large.`, null, `at most ${max}`) : null;
}

function digitsProblem(value: string, domain: Extract<Domain, { kind: 'digits' }>, name: string): TagError | null {
  if (!isDigits(value)) return tagError('BAD_CHARACTER', `The ${name} is not all digits.`, null, '0-9');
  const size = sized(value, domain.min, domain.max, name);
  if (size !== null || domain.atMost === undefined || value.length < domain.atMost.length) return size;
  if (value <= domain.atMost) return null;
  return tagError('FIELD_OVERFLOW', `The ${name} is too large.`, null, `at most ${domain.atMost}`);
}

function partitioned(value: string, digits: number, name: string): TagError | null {
  if (!isDigits(value)) return tagError('BAD_CHARACTER', `The ${name} is not all digits.`, null, '0-9');
  if (value.length === digits) return null;
  return tagError('BAD_PARTITION', `The ${name} has ${value.length} digits.`, null, `${digits} digits`);
}

/** What shares its bits with a company prefix of `prefix` digits. */
function secondProblem(
  value: string,
  domain: Extract<Domain, { kind: 'second' }>,
  prefix: number,
  name: string,
): TagError | null {
  const size = domain.sizes[12 - prefix] ?? 0;
  if (domain.holds === 'digits') return partitioned(value, size, name);
  if (domain.holds !== 'number') return textProblem(value, { set: domain.holds, min: 1, max: size }, 0, name);
  const bits = 2n ** BigInt(domain.bits[12 - prefix] ?? 0);
  const digits = 10n ** BigInt(size);
  return numberProblem(value, String((bits < digits ? bits : digits) - 1n), name);
}

/** Why `value` is not of the domain, or `null`. `prefix` is the company prefix's length. */
export function domainProblem(value: string, domain: Domain, prefix: number, name: string): TagError | null {
  switch (domain.kind) {
    case 'prefix': {
      const within = value.length < 6 || value.length > 12 ? 12 : value.length;
      return partitioned(value, within, name);
    }
    case 'reference':
      return partitioned(value, domain.total - prefix, name);
    case 'digits':
      return digitsProblem(value, domain, name);
    case 'integer':
      return numberProblem(value, domain.max, name);
    case 'text':
      return textProblem(value, domain, prefix, name);
    case 'second':
      return secondProblem(value, domain, prefix, name);
    case 'pattern':
      return domain.test.test(value) ? null : tagError('BAD_CHARACTER', `The ${name} is not valid.`, null, domain.says);
  }
}

/**
 * The first reason why the components do not make an identifier of this kind, or `null`. `starts` are the places of the
 * components in the text that was parsed.
 */
export function componentsProblem(
  identifier: Identifier,
  components: readonly string[],
  starts: readonly number[] = [],
): TagError | null {
  const prefix = components[0]?.length ?? 0;
  for (const [at, component] of identifier.components.entries()) {
    const problem = domainProblem(components[at] ?? '', component.domain, prefix, component.name);
    const start = starts[at];
    if (problem !== null)
      return start === undefined ? problem : { ...problem, position: start + (problem.position ?? 0) };
  }
  return null;
}
