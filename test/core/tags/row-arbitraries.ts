import fc from 'fast-check';
import { checkDigit } from '../../../src/tags/bits/digits.ts';
import type { Domain, Elements, Scheme } from '../../../src/tags/row.ts';
import type { CharSet } from '../../../src/tags/text/charset.ts';

const digit = fc.constantFrom(...'0123456789');
const digits = (min: number, max = min) => fc.string({ unit: digit, minLength: min, maxLength: max });

function textOf(set: CharSet, min: number, max: number) {
  const members = [...set.has.keys()].filter((code) => set.has[code] === 1).map((code) => String.fromCharCode(code));
  return fc.string({ unit: fc.constantFrom(...members), minLength: min, maxLength: max });
}

/** A number from 0 to `max`, ends preferred. */
function numberUpTo(max: bigint) {
  return fc.oneof(fc.bigInt(0n, max), fc.constantFrom(0n, 1n, max, max - 1n)).map(String);
}

type Second = Extract<Domain, { kind: 'second' }>;

/** Something long that is cut to what the prefix leaves: one generator for all partitions. */
function secondOf(domain: Second): fc.Arbitrary<(prefixLength: number) => string> {
  const at = (prefixLength: number) => 12 - prefixLength;
  if (domain.holds === 'digits') return digits(12).map((text) => (length) => text.slice(0, domain.sizes[at(length)]));
  if (domain.holds !== 'number') {
    return textOf(domain.holds, 1, Math.max(...domain.sizes)).map(
      (text) => (length) => text.slice(0, domain.sizes[at(length)]),
    );
  }
  return numberUpTo(2n ** 62n - 1n).map((value) => (length) => {
    const bits = 2n ** BigInt(domain.bits[at(length)] ?? 0);
    const most = 10n ** BigInt(domain.sizes[at(length)] ?? 0);
    return String(BigInt(value) % (bits < most ? bits : most));
  });
}

/** A value of the domain; company prefix and reference are made together by `componentsOf`. */
export function oneOf(domain: Domain): fc.Arbitrary<string> {
  switch (domain.kind) {
    case 'digits':
      return digits(domain.min, domain.max);
    case 'integer':
      return numberUpTo(BigInt(domain.max));
    case 'text': {
      const plain = textOf(domain.set, domain.min, domain.max);
      const hash = textOf(domain.set, Math.max(domain.min, 1), domain.max - 1).map((text) => `#${text}`);
      return domain.hashFirst ? fc.oneof(plain, hash) : plain;
    }
    case 'pattern':
      return fc.stringMatching(domain.test);
    default:
      throw new Error(`no value of ${domain.kind} alone`);
  }
}

function classicValues(scheme: Scheme): fc.Arbitrary<string[]> {
  const domains = scheme.fields.flatMap((field) => field.domains);
  if (domains[0]?.kind !== 'prefix') return fc.tuple(...domains.map(oneOf));
  const [, second, ...rest] = domains;
  return fc
    .tuple(fc.integer({ min: 6, max: 12 }), digits(12), secondOf(second as Second), ...rest.map(oneOf))
    .map(([length, prefix, reference, ...others]) => [prefix.slice(0, length), reference(length), ...others]);
}

function keyValue(spec: Elements, domain: Domain): fc.Arbitrary<string> {
  if (spec.key.digits === null) {
    const rest = domain.kind === 'text' ? textOf(domain.set, 1, domain.max - 6) : digits(1, 20);
    return fc.tuple(digits(6), rest).map(([prefix, text]) => prefix + text);
  }
  const lead = spec.key.lead === 'zero' ? '0' : '';
  const fixed = digits(spec.key.digits - 1 - lead.length).map((text) => lead + text + checkDigit(lead + text));
  const more = domain.kind === 'digits' ? domain.max - spec.key.digits : 0;
  return fc.tuple(fixed, digits(more)).map(([key, suffix]) => key + suffix);
}

function plusValues(scheme: Scheme, spec: Elements): fc.Arbitrary<string[]> {
  const domains = scheme.fields.flatMap((field) => field.domains);
  return fc.tuple(...domains.map((domain, at) => (at === 0 ? keyValue(spec, domain) : oneOf(domain))));
}

export type Made = { readonly values: string[]; readonly filter: number; readonly hostname: string };

const hostname = fc.oneof(
  fc.stringMatching(/^(www\.|id\.|qr\.)?[a-z0-9-]{1,20}(\.com|\.com\.br|\.tw|\.tech|\.zw)?$/),
  fc.stringMatching(/^[A-Z0-9.-]{1,40}$/),
);

function made(scheme: Scheme): fc.Arbitrary<Made> {
  const spec = scheme.identifier.elements;
  const values = scheme.form === 'elements' && spec !== null ? plusValues(scheme, spec) : classicValues(scheme);
  return fc.record({ values, filter: fc.integer({ min: 0, max: 2 ** scheme.filterBits - 1 }), hostname });
}

const madeBefore = new Map<Scheme, fc.Arbitrary<Made>>();

/** Values of the row's fields, made from the row itself; a generator costs more than its values, so it is made once. */
export function tagsOf(scheme: Scheme): fc.Arbitrary<Made> {
  const found = madeBefore.get(scheme) ?? made(scheme);
  madeBefore.set(scheme, found);
  return found;
}
