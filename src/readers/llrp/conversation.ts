import type { Clock, Timer } from '../../kit/index.ts';
import { type CommandError, type MessageTree, neutralOf, statusOf } from '../../protocols/index.ts';
import type { Request } from './requests.ts';

/** What came of a request: the answer of a reader that did it, or why it did not, as far as anybody knows. */
export type Asked =
  | { readonly ok: true; readonly told: MessageTree }
  | { readonly ok: false; readonly error: CommandError; readonly sent: boolean };

/** Requests beside the set-up, each matched with its answer by the message id. */
export type Conversation = {
  /** Resolves with the answer, with `timeout` after the profile's time for answers, or when the connection is lost. */
  ask(request: Request): Promise<Asked>;
  /** Takes an answer; false for one that nobody here waits for. */
  answered(told: MessageTree): boolean;
  /** The connection is gone: nothing that was asked will be answered. */
  lost(): void;
};

/** The set-up counts its ids from 1, so these are never its own. */
const FIRST_ID = 0x8000_0000;
const IDS = 0x7fff_ffff;

/** `send` writes a request; false where there is no connection to write to. */
export function createConversation(
  clock: Clock,
  answerMs: number,
  send: (request: Request, id: number) => boolean,
): Conversation {
  const waiting = new Map<number, (outcome: Asked) => void>();
  let count = 0;
  const ask = (request: Request) =>
    new Promise<Asked>((resolve) => {
      const id = FIRST_ID + (count % IDS);
      count += 1;
      let limit: Timer | null = null;
      const settle = (outcome: Asked) => {
        limit?.cancel();
        waiting.delete(id);
        resolve(outcome);
      };
      // Before it is sent: the answer may come in the same breath.
      waiting.set(id, settle);
      limit = clock.after(answerMs, () => settle({ ok: false, error: 'timeout', sent: true }));
      if (!send(request, id)) settle({ ok: false, error: 'offline', sent: false });
    });
  return {
    ask,
    answered: (told) => {
      const settle = waiting.get(told.id);
      settle?.(outcomeOf(told));
      return settle !== undefined;
    },
    lost: () => {
      for (const settle of [...waiting.values()]) settle({ ok: false, error: 'timeout', sent: true });
    },
  };
}

function outcomeOf(told: MessageTree): Asked {
  const error = neutralOf(statusOf(told));
  if (error === null && told.name !== 'ERROR_MESSAGE') return { ok: true, told };
  return { ok: false, error: error ?? 'internal', sent: true };
}
