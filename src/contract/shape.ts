import { plainTextPattern, type Static, type TSchema, Type } from '../kit/index.ts';

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

/** A page as it is read. */
export type Page<T> = { readonly rows: readonly T[]; readonly next: string | null };

/** All rows at once. */
export function rowsOf<S extends TSchema>(row: S) {
  return Type.Object({ rows: Type.Array(row) });
}

/** All rows as they are read. */
export type Rows<T> = Pick<Page<T>, 'rows'>;

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

export const maybeText = nullable(Type.String());
export const maybeInteger = nullable(Type.Integer());
export const maybeNumber = nullable(Type.Number());
