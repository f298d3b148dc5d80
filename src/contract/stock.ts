import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { GtinText, Id, Paging } from './parameter.ts';
import { closed, maybeText, oneOf, text } from './shape.ts';

/** How many of a product are at a place in one bucket. */
export const StockRowSchema = Type.Object({
  gtin: Type.String(),
  sku: maybeText,
  name: maybeText,
  location: Type.String(),
  bucket: Type.String(),
  quantity: Type.Integer(),
});
export type StockRow = Answer<typeof StockRowSchema>;

/** What stock is asked by; the names of the buckets are inventory's. */
export function stockQuery<const B extends readonly string[]>(buckets: B) {
  return closed({
    gtin: Type.Optional(GtinText),
    sku: Type.Optional(text(100)),
    location: Type.Optional(Id),
    bucket: Type.Optional(oneOf(buckets)),
    q: Type.Optional(text(200)),
    ...Paging,
  });
}
