import { Webhook } from 'standardwebhooks';
import { GatewayError } from '../kit/index.ts';

/** The value of `webhook-signature` for one attempt. `at` is epoch ms. */
export type Sign = (id: string, at: number, body: string) => string;

/**
 * Signs by Standard Webhooks 1.0.0, symmetric `v1`. `secret` is `whsec_` + base64, or several of those with spaces
 * between (the new and the old one while a secret is changed: one signature each), or any other text, whose UTF-8
 * bytes are the key. Throws SECRET_MISSING when it is unusable.
 */
export function createSigner(secret: string): Sign {
  const webhooks = keysOf(secret).map((key) => new Webhook(key, { format: 'raw' }));
  return (id, at, body) => webhooks.map((webhook) => webhook.sign(id, new Date(at), body)).join(' ');
}

/** The key bytes behind a secret's text; see `createSigner`. Throws SECRET_MISSING. */
export function keysOf(secret: string): Uint8Array[] {
  const parts = secret.trim().split(/\s+/);
  const keys = parts.every((part) => part.startsWith('whsec_')) ? parts.map(fromBase64) : [Buffer.from(secret, 'utf8')];
  if (keys.some((key) => key.length === 0)) throw unusable('is empty');
  return keys;
}

function fromBase64(part: string): Uint8Array {
  const text = part.slice('whsec_'.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    throw unusable('begins with whsec_ but is not base64 after it');
  return Buffer.from(text, 'base64');
}

function unusable(why: string): GatewayError {
  return new GatewayError('SECRET_MISSING', `The webhook secret of a destination ${why}.`);
}
