import { FormatRegistry, type Static, type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors';

/** The only door to TypeBox, so that its next major is a change of this file. */
export { type Static, type TSchema, Type };

/** One thing that is wrong with a value: where (JSON pointer), what was found, what is allowed. */
export type Problem = { readonly pointer: string; readonly found: unknown; readonly allowed: string };

/** A compiled schema. `problems` is empty exactly when the value fits. */
export type Checker<T> = { fits(value: unknown): value is T; problems(value: unknown): Problem[] };

const missing = 'required';

FormatRegistry.Set('uri', (text) => URL.canParse(text));

/**
 * Compiles a schema once; checking is then plain generated code. A value that fits no variant of a union is reported
 * against the variant it comes closest to, so one mistake gives one problem.
 */
export function compile<S extends TSchema>(schema: S): Checker<Static<S>> {
  const compiled = TypeCompiler.Compile(schema);
  return {
    fits: (value): value is Static<S> => compiled.Check(value),
    problems: (value) => (compiled.Check(value) ? [] : flatten([...compiled.Errors(value)])),
  };
}

function flatten(errors: readonly ValueError[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of errors) {
    for (const problem of error.type === ValueErrorType.Union ? closest(error) : [plain(error)]) {
      // TypeBox reports a missing key twice: as missing, then with the type that was expected. One problem says both.
      const first = problems.get(problem.pointer);
      if (first === undefined) problems.set(problem.pointer, problem);
      else if (first.allowed === missing)
        problems.set(problem.pointer, { ...problem, allowed: `${missing}: ${problem.allowed}` });
    }
  }
  return [...problems.values()];
}

function closest(error: ValueError): Problem[] {
  const constants = (error.schema['anyOf'] as TSchema[]).map((variant) => variant['const'] as unknown);
  if (constants.every((constant) => constant !== undefined)) {
    return [
      {
        pointer: error.path,
        found: error.value,
        allowed: `one of ${constants.map((c) => JSON.stringify(c)).join(', ')}`,
      },
    ];
  }
  const variants = error.errors.map((iterator) => [...iterator]);
  const named = byName(error, variants);
  if (named !== null) return named;
  const best = variants.reduce((a, b) => (distance(b, error.path) < distance(a, error.path) ? b : a));
  const unlike = best.every((inner) => inner.path === error.path) || sharesNoKey(best, error.path);
  return unlike && error.schema.description !== undefined
    ? [{ pointer: error.path, found: error.value, allowed: error.schema.description }]
    : flatten(best);
}

/**
 * Where each variant has a word of its own under one key, that word says which is meant, whatever else is wrong with the value; null
 * where there is no such key, or the value is no object that could have it.
 */
function byName({ schema, value, path }: ValueError, variants: readonly ValueError[][]): Problem[] | null {
  const all = (schema['anyOf'] as TSchema[]).map((variant) => (variant['properties'] ?? {}) as Record<string, TSchema>);
  const key = Object.keys(all[0] ?? {}).find((name) =>
    all.every((properties) => typeof wordOf(properties, name) === 'string'),
  );
  if (key === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const words = all.map((properties) => wordOf(properties, key));
  const found = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  const meant = variants[words.indexOf(found)];
  if (meant !== undefined && new Set(words).size === words.length) return flatten(meant);
  if (words.includes(found)) return null;
  const allowed = `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`;
  return [
    {
      pointer: `${path}/${key}`,
      found: found ?? null,
      allowed: found === undefined ? `${missing}: ${allowed}` : allowed,
    },
  ];
}

function wordOf(properties: Record<string, TSchema>, key: string): unknown {
  return Object.hasOwn(properties, key) ? properties[key]?.['const'] : undefined;
}

/** Whether the value lacks a key of the variant and has one that the variant does not know: then it is another kind of thing. */
function sharesNoKey(errors: readonly ValueError[], path: string): boolean {
  const under = (type: ValueErrorType) =>
    errors.some((inner) => inner.type === type && inner.path.lastIndexOf('/') === path.length);
  return under(ValueErrorType.ObjectRequiredProperty) && under(ValueErrorType.ObjectAdditionalProperties);
}

/** Mistakes at the value itself (wrong type) weigh more than mistakes inside it; unknown keys tell that the variant is another one. */
function distance(errors: readonly ValueError[], path: string): number {
  return errors.reduce((sum, error) => {
    if (error.path === path) return sum + 100;
    return sum + (error.type === ValueErrorType.ObjectAdditionalProperties ? 10 : 1);
  }, 0);
}

function plain(error: ValueError): Problem {
  return { pointer: error.path, found: error.value, allowed: allowedBy(error) };
}

function allowedBy({ type, schema, message }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return knownKeys(schema);
  if (type === ValueErrorType.ObjectRequiredProperty) return missing;
  if (schema['pattern'] !== undefined) return schema.description ?? `text like ${schema['pattern']}`;
  const expected = message.replace(/^Expected /, '').toLowerCase();
  return schema.description === undefined ? expected : `${expected} (${schema.description})`;
}

function knownKeys(schema: TSchema): string {
  const keys = Object.keys((schema['properties'] ?? {}) as object);
  if (keys.length > 0) return `no such key here; known keys: ${keys.join(', ')}`;
  return schema.description === undefined ? 'no such key here' : `no such key here; ${schema.description}`;
}
