import type { Domain, Elements, Scheme } from './row.ts';
import { schemes } from './schemes/table.ts';

/** What is worked out once from a scheme's row, so that it need not be for each tag. */
export type Layout = {
  readonly scheme: Scheme;
  /** As many empty texts as its fields yield values. */
  readonly blank: readonly string[];
  /** Which components and which elements are digits only, so that nothing in them is ever escaped. */
  readonly numericComponents: readonly boolean[];
  readonly numericElements: readonly boolean[];
};

function isNumeric(domain: Domain): boolean {
  if (domain.kind === 'second') return domain.holds === 'digits' || domain.holds === 'number';
  return domain.kind === 'prefix' || domain.kind === 'integer' || domain.kind === 'digits';
}

function elementsNumeric({ key, others }: Elements, components: readonly boolean[]): boolean[] {
  const ofKey = [0, 1, ...key.suffix].every((at) => components[at] === true);
  return [ofKey, ...others.map(({ component }) => components[component] === true)];
}

function layoutOf(scheme: Scheme): Layout {
  const domains = scheme.fields.flatMap((field) => field.domains);
  const stored = scheme.form === 'components' ? domains.map(isNumeric) : [];
  const spec = scheme.identifier.elements;
  return {
    scheme,
    blank: domains.map(() => ''),
    numericComponents: stored,
    numericElements: spec === null || stored.length === 0 ? [] : elementsNumeric(spec, stored),
  };
}

/** The layout of each header value; `null` where none is assigned. */
export const layoutOfHeader: readonly (Layout | null)[] = Array.from({ length: 256 }, (_, header) => {
  const scheme = schemes.find((row) => row.header === header);
  return scheme === undefined ? null : layoutOf(scheme);
});
