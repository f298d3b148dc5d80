import { createHash, createHmac } from 'node:crypto';

/** A stable identifier of content: the first 160 bits of SHA-256 over the parts, base64url. Equal parts, equal id. */
export function contentId(parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 20).toString('base64url');
}

/** HMAC-SHA256 of `text` under `key`, hex: what stands on disk instead of a person's token. */
export function keyedHash(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** SHA-256 of bytes, base64url. */
export function bytesHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** SHA-256 of `text`, hex: what stands on disk instead of an API key. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
