import type { FastifySchemaCompiler } from 'fastify';
import { compile, type TSchema } from '../kit/index.ts';
import { invalid } from './problems.ts';

/**
 * Checks a part of a request against its schema, changing nothing: no coercion, no silent removal of unknown fields.
 * The one exception is a query string, which can only hold text: there, digits become a number where the schema has one.
 */
export const checkRequest: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checker = compile(schema);
  const numbers = httpPart === 'querystring' ? integerKeys(schema) : [];
  return (data: unknown) => {
    const value = numbers.length === 0 ? data : withIntegers(data, numbers);
    return checker.fits(value) ? { value } : { error: invalid(checker.problems(value)) };
  };
};

function integerKeys(schema: TSchema): string[] {
  const properties: Record<string, TSchema> = schema['properties'] ?? {};
  return Object.keys(properties).filter((key) => properties[key]?.['type'] === 'integer');
}

function withIntegers(data: unknown, keys: readonly string[]): unknown {
  const query: Record<string, unknown> = { ...(data as Record<string, unknown>) };
  for (const key of keys) {
    const text = query[key];
    if (typeof text === 'string' && /^\d{1,15}$/.test(text)) query[key] = Number(text);
  }
  return query;
}
