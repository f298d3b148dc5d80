import { buckets, lifecycles } from '../inventory/index.ts';
import { type Fault, plainTextPattern, type Static, type TSchema, Type } from '../kit/index.ts';

/** An object that takes no other keys than its own. */
export function closed<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** `type: [x, "null"]`: for answers, where it is the form that serialises fastest; requests use `orNull`. */
export function nullable<S extends TSchema>(schema: S) {
  return Type.Unsafe<Static<S> | null>({ ...schema, type: [schema['type'], 'null'] });
}

/** A value or null, checked in requests. */
export function orNull<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** A page of rows; `next` is the cursor of the next page, null at the end. */
export function pageOf<S extends TSchema>(row: S) {
  return Type.Object({ rows: Type.Array(row), next: nullable(Type.String()) });
}

/** One of a list of words. */
export function oneOf<const W extends readonly string[]>(words: W) {
  return Type.Union(words.map((word) => Type.Literal(word))) as TSchema & { static: W[number] };
}

/** A name or another text that is shown to people: no control characters, none that turn the direction of writing. */
export function plainText(maxLength: number) {
  const description = `a text of 1 to ${maxLength} characters without control characters and without marks of writing direction`;
  return Type.String({ minLength: 1, maxLength, pattern: plainTextPattern, description });
}

/** Text to look for or to decode: no control characters. */
export function text(maxLength: number, minLength = 1) {
  const least = minLength === 0 ? 'at most' : `${minLength} to`;
  return Type.String({
    minLength,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    description: `a text of ${least} ${maxLength} characters without control characters`,
  });
}

export const Id = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,100}$' });
export const At = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000, description: 'epoch milliseconds' });
export const Scopes = Type.Array(Type.String());
export const GtinText = Type.String({ pattern: '^([0-9]{8}|[0-9]{12,14})$', description: 'GTIN-8, -12, -13 or -14' });
export const EpcParam = Type.String({
  minLength: 1,
  maxLength: 1500,
  description: 'EPC as hex, tag URI, pure identity URI, bracketed element string or Digital Link, percent-encoded',
});
export const Paging = {
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'rows per page, 100 if not given' })),
};
export const BucketName = oneOf(buckets);
export const LifecycleName = oneOf(lifecycles);
export const NoBody = orNull(closed({}));
export const Nothing = Type.Null();

/** What is wrong: `code` is one of docs/errors.md, `params` are the values of its sentence, `cause` is why: a fault, or null. */
export const FaultSchema = Type.Unsafe<Fault>({
  type: 'object',
  description:
    'a fault of docs/errors.md: code, params (the values of its sentence) and cause (another fault, or null)',
  required: ['code', 'params', 'cause'],
  properties: {
    code: { type: 'string' },
    params: { type: 'object', additionalProperties: true },
    cause: { type: ['object', 'null'], additionalProperties: true },
  },
});

/** An RFC 9457 problem document. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'one of docs/errors.md' }),
  detail: Type.String(),
  fault: Type.Optional(FaultSchema),
  errors: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), found: Type.Unknown(), allowed: Type.String() })),
  ),
});

const words = { type: Type.String(), input: Type.String() };
const maybe = nullable(Type.String());

/** One line of an item's history, also the payload of live `item` events. */
export const HistoryRow = Type.Object({
  seq: Type.Integer(),
  id: Type.String(),
  ...words,
  at: Type.Integer(),
  recordedAt: Type.Integer(),
  alert: maybe,
  fromLocation: maybe,
  location: maybe,
  fromLifecycle: maybe,
  lifecycle: Type.String(),
  readPoint: maybe,
  reader: maybe,
  antenna: nullable(Type.Integer()),
  rssi: nullable(Type.Number()),
  bizStep: maybe,
  disposition: maybe,
});

export const ItemSchema = Type.Object({
  id: Type.String(),
  hex: Type.String(),
  scheme: Type.String(),
  epcUri: maybe,
  gtin: maybe,
  sku: maybe,
  name: maybe,
  presence: Type.String(),
  absentReason: maybe,
  readPoint: maybe,
  location: maybe,
  previousLocation: maybe,
  placeSince: nullable(Type.Integer()),
  placeSource: maybe,
  placeConfidence: nullable(Type.Number()),
  lifecycle: Type.String(),
  lifecycleReason: maybe,
  owner: Type.String(),
  custody: nullable(Type.Object({ party: Type.String(), since: Type.Integer(), due: nullable(Type.Integer()) })),
  condition: Type.String(),
  tag: Type.String(),
  bucket: maybe,
  serviceCount: Type.Integer(),
  reader: maybe,
  antenna: nullable(Type.Integer()),
  rssi: nullable(Type.Number()),
  firstSeenAt: nullable(Type.Integer()),
  lastSeenAt: nullable(Type.Integer()),
  asOf: Type.Integer(),
});

/** One item in full: `lastSeen` is the newest read of it, made at the place where it is believed to be or at another. */
export const ItemDetailSchema = Type.Object({
  ...ItemSchema.properties,
  lastSeen: nullable(
    Type.Object({
      at: Type.Integer(),
      readPoint: maybe,
      location: maybe,
      reader: maybe,
      antenna: nullable(Type.Integer()),
      rssi: nullable(Type.Number()),
    }),
  ),
});

export const ProductSchema = Type.Object({ gtin: Type.String(), sku: maybe, name: maybe });

export const ReaderSchema = Type.Object({
  id: Type.String(),
  profile: Type.String(),
  link: Type.Object({
    state: Type.String(),
    since: Type.Integer(),
    error: maybe,
    fault: nullable(FaultSchema),
    address: Type.String(),
  }),
  lastError: nullable(Type.Object({ text: Type.String(), fault: FaultSchema, at: Type.Integer() })),
  online: nullable(Type.Boolean()),
  reachable: Type.Boolean(),
  session: Type.Object({ state: Type.String(), since: Type.Integer(), problem: maybe, fault: nullable(FaultSchema) }),
  identity: maybe,
  lastReadAt: nullable(Type.Integer()),
  reads: Type.Integer(),
  antennas: Type.Array(
    Type.Object({
      antenna: nullable(Type.Integer()),
      readPoint: maybe,
      reads: Type.Integer(),
      rate: Type.Number(),
      lastReadAt: nullable(Type.Integer()),
      baseline: nullable(Type.Number()),
      health: Type.String(),
    }),
  ),
  rejected: Type.Record(Type.String(), Type.Integer()),
  warnings: Type.Record(Type.String(), Type.Integer()),
  missing: Type.Integer(),
  samples: Type.Array(Type.Object({ reason: Type.String(), at: Type.Integer(), hex: Type.String() })),
  clockOffsetMs: nullable(Type.Number()),
  lastEvent: maybe,
  findings: Type.Array(
    Type.Object({
      code: Type.String(),
      state: Type.String(),
      params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
      faults: Type.Array(FaultSchema),
      text: Type.String(),
      next: maybe,
    }),
  ),
});

export const DestinationSchema = Type.Object({
  id: Type.String(),
  url: Type.String(),
  state: Type.String(),
  waiting: Type.Integer(),
  oldestWaitingAt: nullable(Type.Integer()),
  dead: Type.Integer(),
  delivered: Type.Integer(),
  failures: Type.Integer(),
  nextAttemptAt: nullable(Type.Integer()),
  lastError: maybe,
  lastFault: nullable(FaultSchema),
  lastSuccessAt: nullable(Type.Integer()),
  since: Type.Integer(),
});
