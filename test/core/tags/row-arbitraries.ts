import fc from 'fast-check';
import { checkDigit } from '../../../src/tags/bits/digits.ts';
import type { Domain, Elements, Scheme } from '../../../src/tags/row.ts';
import type { CharSet } from '../../../src/tags/text/charset.ts';

const digits = (min: number, max = min) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));

function textOf(set: CharSet, min: number, max: number) {
  const members = [...set.has.keys()].filter((code) => set.has[code] === 1).map((code) => String.fromCharCode(code));
  return fc.string({ unit: fc.constantFrom(...members), minLength: min, maxLength: max });
}

/** A number from 0 to `max`, ends preferred. */
function numberUpTo(max: bigint) {
  return fc.oneof(fc.bigInt(0n, max), fc.constantFrom(0n, 1n, max, max - 1n)).map(String);
}

type Second = Extract<Domain, { kind: 'second' }>;

function secondOf(domain: Second, prefixLength: number) {
  const size = domain.sizes[12 - prefixLength] ?? 0;
  if (domain.holds === 'digits') return digits(size);
  const bits = 2n ** BigInt(domain.bits[12 - prefixLength] ?? 0) - 1n;
  const most = 10n ** BigInt(size) - 1n;
  return domain.holds === 'number' ? numberUpTo(bits < most ? bits : most) : textOf(domain.holds, 1, size);
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
  return fc.integer({ min: 6, max: 12 }).chain((length) => {
    const [, second, ...rest] = domains;
    return fc.tuple(digits(length), secondOf(second as Second, length), ...rest.map(oneOf));
  });
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

/** Values of the row's fields, made from the row itself. */
export function tagsOf(scheme: Scheme): fc.Arbitrary<Made> {
  const spec = scheme.identifier.elements;
  const values = scheme.form === 'elements' && spec !== null ? plusValues(scheme, spec) : classicValues(scheme);
  return fc.record({
    values,
    filter: fc.integer({ min: 0, max: 2 ** scheme.filterBits - 1 }),
    hostname: fc.oneof(
      fc.stringMatching(/^(www\.|id\.|qr\.)?[a-z0-9-]{1,20}(\.com|\.com\.br|\.tw|\.tech|\.zw)?$/),
      fc.stringMatching(/^[A-Z0-9.-]{1,40}$/),
    ),
  });
}
