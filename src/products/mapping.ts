import { compile, type Problem, type Static, Type } from '../kit/index.ts';

const Header = Type.String({ minLength: 1, maxLength: 200, description: 'a header of the file' });
const Headers = Type.Union([Header, Type.Array(Header, { minItems: 1, maxItems: 20 })], {
  description: 'a header of the file, or a list of headers',
});
const HeadersOrNone = Type.Union([Header, Type.Array(Header, { minItems: 1, maxItems: 20 }), Type.Null()], {
  description: 'a header of the file, a list of headers, or null to leave the field alone',
});

/**
 * Which columns of a file hold what, where their headers do not say it: our field to a header or a list of headers. Several `gtin`
 * columns all count; of several `sku` or `name` columns the first that has a value in a row does; `variant` values are added to the
 * name; rows with the same value under `group` share the name of their first. What it does not mention is found as without it.
 */
export const ProductMapping = Type.Object(
  {
    gtin: Type.Optional(Headers),
    sku: Type.Optional(HeadersOrNone),
    name: Type.Optional(HeadersOrNone),
    variant: Type.Optional(HeadersOrNone),
    group: Type.Optional(HeadersOrNone),
  },
  { additionalProperties: false },
);
export type ProductMapping = Static<typeof ProductMapping>;

const checker = compile(ProductMapping);

/** A mapping out of a value of unknown origin, or what is wrong with it. */
export function readMapping(value: unknown): { mapping: ProductMapping } | { problems: Problem[] } {
  return checker.fits(value) ? { mapping: value } : { problems: checker.problems(value) };
}
