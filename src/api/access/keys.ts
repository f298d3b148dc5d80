import { createHash, randomBytes } from 'node:crypto';
import type { Store } from '../../journal/index.ts';
import { GatewayError, textFault, textHash } from '../../kit/index.ts';
import type { Scope } from './scopes.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shape = /^sg_([0-9A-Za-z]{10})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

function base62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; text.length < length; rest /= 62n) text = (digits[Number(rest % 62n)] ?? '0') + text;
  return text;
}

/** Six digits over the rest of the key: a mistyped key is told from a revoked one without asking the database. */
function checksum(text: string): string {
  return base62(createHash('sha256').update(text).digest().subarray(0, 6), 6);
}

/** The id inside a well-formed key `sg_<id>_<secret><checksum>`, or null when shape or checksum is wrong. */
export function keyIdOf(key: string): string | null {
  const match = shape.exec(key);
  if (match === null) return null;
  return checksum(key.slice(0, -6)) === match[3] ? (match[1] ?? null) : null;
}

/** Who a new key is for. `readers`: the ids of the readers that it is bound to; none: it is not bound. `now` is epoch ms. */
type Wanted = { readonly name: string; readonly readers?: readonly string[]; readonly now: number };

/** Makes an API key with 256 random bits. Only its SHA-256 is stored: the text is returned here and never again. */
export async function createKey(
  store: Pick<Store, 'keys'>,
  { name, scopes, readers = [], now }: Wanted & { readonly scopes: readonly Scope[] },
): Promise<{ id: string; key: string }> {
  mustBePlain(name);
  const id = base62(randomBytes(8), 10);
  const body = `sg_${id}_${base62(randomBytes(32), 43)}`;
  const key = body + checksum(body);
  await store.keys.create({ id, name, kind: 'http', scopes, readers, secretHash: textHash(key), at: now });
  return { id, key };
}

/**
 * Makes an account of the embedded broker: its user name is the key's id, its password has 256 random bits. Only the
 * password's SHA-256 is stored: the text is returned here and never again.
 */
export async function createBrokerAccount(
  store: Pick<Store, 'keys'>,
  { name, readers = [], now }: Wanted,
): Promise<{ id: string; password: string }> {
  mustBePlain(name);
  const id = base62(randomBytes(8), 10);
  const password = `sgm_${base62(randomBytes(32), 43)}`;
  await store.keys.create({ id, name, kind: 'mqtt', scopes: [], readers, secretHash: textHash(password), at: now });
  return { id, password };
}

function mustBePlain(name: string): void {
  if (textFault(name) === null) return;
  throw new GatewayError(
    'REQUEST_INVALID',
    'The name of a key has an invisible character: a control character, or one that turns the direction of writing.',
  );
}
