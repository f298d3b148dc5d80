import { type TSchema, Type } from '../../kit/index.ts';

/** The option every profile object carries: a key that the vocabulary does not know is an error. */
export const strict = { additionalProperties: false };

/** A closed list of words; the error text names them all. */
export function oneOf<const List extends readonly string[]>(...words: List) {
  const union = Type.Union(
    words.map((word) => Type.Literal(word)),
    { description: `one of ${words.join(', ')}` },
  );
  return Type.Unsafe<List[number]>(union);
}

/** The same schema with what it says, for the page that lists every key. */
export function titled<S extends TSchema>(title: string, schema: S): S {
  return { ...schema, title };
}

/** Bytes as upper-case hex, blanks between bytes allowed: `BB 00` or `BB00`. */
export const Hex = Type.String({
  pattern: '^[0-9A-F]{2}( ?[0-9A-F]{2})*$',
  maxLength: 4096,
  description: 'bytes as upper-case hex',
});

export const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$', description: 'a camelCase name' });

/** Largest frame that any profile may announce. */
export const LARGEST_FRAME = 65_536;

/** What a reader complained of, in the words of every family. */
export const NeutralError = oneOf(
  'noTag',
  'locked',
  'badPassword',
  'power',
  'antenna',
  'temperature',
  'frequency',
  'parameter',
  'unsupported',
  'tag',
  'memory',
  'busy',
  'internal',
);

/** What stands at the head of every profile, whatever its kind. */
export const identity = {
  id: Type.String({
    pattern: '^[a-z0-9-]+/[a-z0-9-]+$',
    maxLength: 80,
    title: 'the id by which a configuration names the profile',
    description: 'vendor/model',
  }),
  vendor: Type.String({ minLength: 1, maxLength: 80, title: 'who makes these readers' }),
  models: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 100, title: 'the models it is for' }),
  evidence: titled(
    'what it rests on: `hardware` that was tried, `captures` of others, or only what is `documented`',
    oneOf('hardware', 'captures', 'documented'),
  ),
  sources: Type.Array(Type.String({ minLength: 1, maxLength: 400 }), {
    minItems: 1,
    maxItems: 20,
    title: 'the documents and captures that it was written from',
  }),
  antennas: Type.Integer({
    minimum: 1,
    maximum: 256,
    title: 'antenna ports of the largest model',
    description: 'antenna ports of the largest model',
  }),
} as const;

/** What a profile's own capture must decode to: each outcome is compared by the members named here. */
export const Expected = Type.Array(Type.Record(Type.String({ maxLength: 40 }), Type.Unknown()), { maxItems: 100 });
