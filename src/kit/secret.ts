import { readFileSync } from 'node:fs';
import { GatewayError, messageOf } from './errors.ts';
import { type Static, Type } from './schema.ts';

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
  const [text, where] =
    'env' in secret ? [env[secret.env], `environment variable ${secret.env}`] : fromFile(secret.file);
  if (text === undefined || text === '') throw new GatewayError('SECRET_MISSING', `The ${where} is not set or empty.`);
  return text;
}

function fromFile(path: string): [string, string] {
  try {
    return [readFileSync(path, 'utf8').replace(/\r?\n$/, ''), `secret file ${path}`];
  } catch (error) {
    throw new GatewayError(
      'SECRET_MISSING',
      `The secret file ${path} cannot be read: ${messageOf(error)}.`,
      { path },
      error,
    );
  }
}
