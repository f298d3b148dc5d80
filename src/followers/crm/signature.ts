import { createHmac } from 'node:crypto';
import { GatewayError } from '../../kit/index.ts';

/** The value of `webhook-signature` for one attempt. `at` is epoch ms. */
export type Sign = (id: string, at: number, body: string) => string;

const prefix = 'whsec_';
const leastBytes = 24;
const mostBytes = 64;

/** What a webhook secret looks like, in words. */
export const secretForm = `${prefix} and then base64 of ${leastBytes} to ${mostBytes} bytes, without quotes; several with spaces between`;

/**
 * Signs by Standard Webhooks 1.0.0, symmetric `v1`. `secret` is `whsec_` + base64 of 24 to 64 bytes, or several of those
 * with spaces between (the new and the old one while a secret is changed: one signature each). Throws SECRET_MISSING for
 * anything else.
 */
export function createSigner(secret: string): Sign {
  const keys = keysOf(secret);
  return (id, at, body) => {
    const head = `${id}.${Math.floor(at / 1000)}.`;
    // OpenSSL's hash: the library for these signatures has one in JavaScript, which costs more than all else of a delivery
    return keys.map((key) => `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`).join(' ');
  };
}

/** The key bytes behind a secret's text; see `createSigner`. Throws SECRET_MISSING. */
export function keysOf(secret: string): Uint8Array[] {
  const fault = secretFault(secret);
  if (fault !== null) throw new GatewayError('SECRET_MISSING', `The webhook secret of a destination ${fault}.`);
  return partsOf(secret).map(bytesOf);
}

/**
 * Why a text is no webhook secret, or null where it is one. Another form would sign with other bytes than the receiver's
 * library does, and nobody would see why every delivery is refused [Standard Webhooks 1.0.0, "Signature scheme"].
 */
export function secretFault(secret: string): string | null {
  for (const part of partsOf(secret)) {
    const fault = partFault(part);
    if (fault !== null) return fault;
  }
  return null;
}

const partsOf = (secret: string) => secret.trim().split(/\s+/);
const bytesOf = (part: string) => Buffer.from(part.slice(prefix.length), 'base64');

function partFault(part: string): string | null {
  if (part === '') return 'is empty';
  if (/["'`“”‘’]/.test(part)) return 'has quotes in it; they are not part of a secret';
  if (part.startsWith('v1')) return 'begins with a version, which stands before signatures only';
  if (!part.startsWith(prefix)) return `does not begin with ${prefix}`;
  if (bytesOf(part).toString('base64') !== part.slice(prefix.length)) return `is not base64 after ${prefix}`;
  const { length } = bytesOf(part);
  if (length < leastBytes || length > mostBytes)
    return `holds ${length} bytes; ${leastBytes} to ${mostBytes} are allowed`;
  return null;
}
