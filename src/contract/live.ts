import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { DestinationSchema } from './destination.ts';
import { HistoryRowSchema } from './history.ts';
import { ReaderSchema } from './reader.ts';
import { maybeInteger, maybeNumber, maybeText } from './shape.ts';

/** A history row, and whose it is. */
const FeedEventSchema = Type.Object({
  ...HistoryRowSchema.properties,
  item: Type.String(),
  gtin: maybeText,
  sku: maybeText,
  name: maybeText,
});
export type FeedEvent = Answer<typeof FeedEventSchema>;

/** A person was recognised; `customer` is null for who may not know which. */
const CustomerEventSchema = Type.Object({
  id: Type.String(),
  type: Type.String(),
  customer: maybeText,
  at: Type.Integer(),
  readPoint: Type.String(),
  location: Type.String(),
  reader: Type.String(),
});

const AntennaRateSchema = Type.Object({
  reader: Type.String(),
  antenna: maybeInteger,
  readPoint: maybeText,
  rate: Type.Number(),
  unique: Type.Integer(),
});
export type AntennaRate = Answer<typeof AntennaRateSchema>;

const RecentTagSchema = Type.Object({
  id: Type.String(),
  hex: Type.String(),
  gtin: maybeText,
  name: maybeText,
  readPoint: maybeText,
  antenna: maybeInteger,
  rssi: maybeNumber,
  at: Type.Integer(),
  reads: Type.Integer(),
});
export type RecentTag = Answer<typeof RecentTagSchema>;

/** One second of reading. */
const ReadsSchema = Type.Object({
  at: Type.Integer(),
  rate: Type.Number(),
  unique: Type.Integer(),
  antennas: Type.Array(AntennaRateSchema),
  recent: Type.Array(RecentTagSchema),
});
export type Reads = Answer<typeof ReadsSchema>;

/** The messages of the live feed, by the name of their event. */
export const LiveSchemas = {
  item: FeedEventSchema,
  customer: CustomerEventSchema,
  reads: ReadsSchema,
  status: Type.Object({ readers: Type.Array(ReaderSchema), destinations: Type.Array(DestinationSchema) }),
  reset: Type.Object({}),
} as const;
export type LiveMessages = { readonly [E in keyof typeof LiveSchemas]: Answer<(typeof LiveSchemas)[E]> };

export const EventQuery = Type.Object({}, { additionalProperties: false });
export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'resumes after this event' })),
});
export const EventStream = Type.String({
  description: `events ${Object.keys(LiveSchemas)
    .map((name) => `\`${name}\``)
    .join(', ')}`,
});
