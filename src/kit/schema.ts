import { FormatRegistry, type Static, type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ValueErrorType } from '@sinclair/typebox/errors';

/** The only door to TypeBox, so that its next major is a change of this file. */
export { type Static, type TSchema, Type };

/** One thing that is wrong with a value: where (JSON pointer), what was found, what is allowed. */
export type Problem = { readonly pointer: string; readonly found: unknown; readonly allowed: string };

/** A compiled schema. `problems` is empty exactly when the value fits. */
export type Checker<T> = { fits(value: unknown): value is T; problems(value: unknown): Problem[] };

FormatRegistry.Set('uri', (text) => URL.canParse(text));

/** Compiles a schema once; checking is then plain generated code. Unions report the closest variant by its literal keys. */
export function compile<S extends TSchema>(schema: S): Checker<Static<S>> {
  const compiled = TypeCompiler.Compile(schema);
  return {
    fits: (value): value is Static<S> => compiled.Check(value),
    problems: (value) =>
      compiled.Check(value)
        ? []
        : [...compiled.Errors(value)].map((error) => ({
            pointer: error.path,
            found: error.value,
            allowed: allowedBy(error.type, error.schema, error.message),
          })),
  };
}

function allowedBy(type: ValueErrorType, schema: TSchema, message: string): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return 'no such key here';
  if (type === ValueErrorType.ObjectRequiredProperty) return 'a value: this key is required';
  const described = schema.description;
  return described === undefined ? message : `${message} (${described})`;
}
