import { GatewayError } from '../../kit/index.ts';
import { type CommandError, commandErrors } from '../../protocols/index.ts';
import type { Reply } from '../commands/access.ts';

/** What came of asking a reader for something; `signal` is that of the hold under which it was asked. */
export async function replyOf<T>(signal: AbortSignal, run: () => Promise<T>): Promise<Reply<T>> {
  if (signal.aborted) return { ok: false, error: reasonOf(signal), sent: false };
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { ok: false, error: errorOf(error, signal), sent: error.context['unsent'] !== true };
  }
}

/** Something that was needed first did not come about: what was asked for has not been sent. */
export function unsent<T>(reply: Reply<T>): Reply<T> {
  return reply.ok ? reply : { ...reply, sent: false };
}

function errorOf({ code, context }: GatewayError, signal: AbortSignal): CommandError {
  if (code === 'READER_TIMEOUT') return 'timeout';
  if (code !== 'READER_REFUSED') return signal.aborted ? reasonOf(signal) : 'offline';
  return commandErrors.find((known) => known === context['error']) ?? 'internal';
}

function reasonOf(signal: AbortSignal): CommandError {
  return commandErrors.find((known) => known === signal.reason) ?? 'offline';
}
