import { readFileSync } from 'node:fs';
import { failure, fault } from './fault.ts';
import { GatewayError } from './gateway-error.ts';
import { errnoOf } from './net-trouble.ts';
import { compile, type Problem, type Static, Type } from './schema.ts';

/** A secret is named in the configuration, never written there. */
export const Secret = Type.Union(
  [
    Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    Type.Object({ file: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  ],
  { description: '{ env: NAME } or { file: PATH }, never the secret itself' },
);
export type Secret = Static<typeof Secret>;

/** The secret's text, a file's without its last line end. Throws SECRET_MISSING when it is absent or empty. */
export function resolveSecret(secret: Secret, env: Record<string, string | undefined>): string {
  const text = 'env' in secret ? (env[secret.env] ?? '') : fromFile(secret.file);
  if (text !== '') return text;
  throw failure(
    'env' in secret ? fault('SECRET_UNSET', { name: secret.env }) : fault('SECRET_FILE_EMPTY', { path: secret.file }),
  );
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw failure(fault('SECRET_FILE_UNREADABLE', { path, errno: errnoOf(error) }), { path }, error);
  }
}

/**
 * The secrets named anywhere in a configuration that could not be used: absent, empty, or refused by `judge`, which says
 * what is wrong with the text of the one at a JSON pointer, or null. No problem ever holds a secret's text.
 */
export function secretProblems(
  value: unknown,
  env: Record<string, string | undefined>,
  judge: (pointer: string, text: string) => string | null,
): Problem[] {
  return named(value, '').flatMap(({ pointer, secret }) => {
    const fault = faultOf(secret, env, (text) => judge(pointer, text));
    return fault === null ? [] : [{ pointer, found: secret, allowed: fault }];
  });
}

type Named = { readonly pointer: string; readonly secret: Secret };
const form = compile(Secret);
const secretKeys: ReadonlySet<string> = new Set(['secret', 'password']);

function named(value: unknown, pointer: string): Named[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return secretKeys.has(key) && form.fits(inner) ? [{ pointer: at, secret: inner }] : named(inner, at);
  });
}

function faultOf(
  secret: Secret,
  env: Record<string, string | undefined>,
  judge: (text: string) => string | null,
): string | null {
  try {
    return judge(resolveSecret(secret, env));
  } catch (error) {
    if (error instanceof GatewayError) return `a secret that is there. ${error.message}`;
    throw error;
  }
}
