import { GatewayError } from '../kit/index.ts';
import type { ApiDeps } from './deps.ts';

/**
 * What a text names: any form of an identity, or the content of a tag that was read here though nothing explains it. Throws
 * TAG_INVALID with what would have been right; `pointer` says where the text stands.
 */
export function identify(
  { tags, store }: Pick<ApiDeps, 'tags' | 'store'>,
  given: string,
  pointer = '/epc',
): { readonly id: string; readonly hex: string | null } {
  const own = given.toLowerCase().startsWith('urn:silentgate:') ? tags.identityNamed(given) : null;
  if (own !== null) return { id: own, hex: null };
  // Hex is looked for as a reader's read of it was kept, explained or not.
  const read = /^[0-9A-Fa-f]+$/.test(given) ? tags.identityOf(given).epc : null;
  if (read !== null && store.lookUp(read.id) !== null) return read;
  const result = tags.parse(given, { aliases: true });
  if (result.ok) return result.epc;
  const { message, expected } = result.error;
  throw new GatewayError('TAG_INVALID', message, {
    errors: [{ pointer, found: given.slice(0, 80), allowed: expected ?? message }],
  });
}
