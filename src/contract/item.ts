import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { GtinText, Id, Paging } from './parameter.ts';
import { closed, maybeInteger, maybeNumber, maybeText, nullable, oneOf } from './shape.ts';

/** An item as we believe it to be: the axes of inventory's `Item`, with the names of its product. */
export const ItemSchema = Type.Object({
  id: Type.String(),
  hex: Type.String(),
  scheme: Type.String(),
  epcUri: maybeText,
  gtin: maybeText,
  sku: maybeText,
  name: maybeText,
  presence: Type.String(),
  absentReason: maybeText,
  readPoint: maybeText,
  location: maybeText,
  previousLocation: maybeText,
  placeSince: maybeInteger,
  placeSource: maybeText,
  placeConfidence: maybeNumber,
  lifecycle: Type.String(),
  lifecycleReason: maybeText,
  owner: Type.String(),
  custody: nullable(Type.Object({ party: Type.String(), since: Type.Integer(), due: maybeInteger })),
  condition: Type.String(),
  tag: Type.String(),
  bucket: maybeText,
  serviceCount: Type.Integer(),
  reader: maybeText,
  antenna: maybeInteger,
  rssi: maybeNumber,
  firstSeenAt: maybeInteger,
  lastSeenAt: maybeInteger,
  asOf: Type.Integer(),
});
export type Item = Answer<typeof ItemSchema>;

const SightingSchema = Type.Object({
  at: Type.Integer(),
  readPoint: maybeText,
  location: maybeText,
  reader: maybeText,
  antenna: maybeInteger,
  rssi: maybeNumber,
});

/** The newest read of an item: when (epoch ms), and where and by what as far as that is still known. */
export type Sighting = Answer<typeof SightingSchema>;

/** One item in full: `lastSeen` is the newest read of it, made at the place where it is believed to be or at another. */
export const ItemDetailSchema = Type.Object({ ...ItemSchema.properties, lastSeen: nullable(SightingSchema) });
export type ItemDetail = Answer<typeof ItemDetailSchema>;

/** What a list of items is asked by; the words of the lifecycle are inventory's. */
export function itemQuery<const L extends readonly string[]>(lifecycles: L) {
  return closed({
    gtin: Type.Optional(GtinText),
    location: Type.Optional(Id),
    lifecycle: Type.Optional(oneOf(lifecycles)),
    ...Paging,
  });
}
