import { isObject, valueAt } from '../../../protocols/index.ts';
import type { Reply } from '../../commands/access.ts';

/** The object at a dotted path of an answer, or the whole of it; an error where there is none. */
export function objectIn(reply: Reply<unknown>, path?: string): Reply<Record<string, unknown>> {
  if (!reply.ok) return reply;
  const value = path === undefined ? reply.value : valueAt(reply.value, path);
  return isObject(value) ? { ok: true, value } : { ok: false, error: 'internal', sent: true };
}
