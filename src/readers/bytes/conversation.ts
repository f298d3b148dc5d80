import { type Clock, GatewayError } from '../../kit/index.ts';
import type { ByteProfile, Operation } from '../profile/byte-profile.ts';
import type { ReaderAnswer } from '../sink.ts';
import { compileEncoder } from './encode.ts';
import type { CompiledFraming } from './framing.ts';
import type { TemplateValues } from './template.ts';

/** Commands to a reader and their answers, one outstanding at a time. */
export type Conversation = {
  /**
   * Sends and waits for the answer, again after each time-out as the profile says. Rejects with READER_TIMEOUT,
   * READER_REFUSED (the reader's neutral error in `context.error`) or LINK_LOST.
   */
  ask(operation: Operation, values?: TemplateValues, retries?: number): Promise<ReaderAnswer>;
  /** Sends without waiting for an answer. */
  tell(operation: Operation, values?: TemplateValues): Promise<void>;
  /** Writes bytes as they are: a wake-up, an acknowledgement. */
  raw(bytes: Uint8Array): Promise<void>;
  /** Whether the answer was waited for. */
  answered(answer: ReaderAnswer): boolean;
  /** Gives up what is being asked: it rejects with LINK_LOST. */
  reset(): void;
  /** Which of the profile's framings the reader speaks. */
  speak(framing: CompiledFraming): void;
  spoken(): CompiledFraming;
};

type Reply = ReaderAnswer | 'timeout' | 'reset';
type Waiting = { readonly operation: Operation; resolve(reply: Reply): void };

export function createConversation(
  profile: ByteProfile,
  first: CompiledFraming,
  clock: Clock,
  write: (bytes: Uint8Array) => Promise<void>,
): Conversation {
  const encode = compileEncoder(profile);
  let framing = first;
  let waiting: Waiting | null = null;

  const once = async (operation: Operation, bytes: Uint8Array, timeoutMs: number): Promise<Reply> => {
    let resolve: (reply: Reply) => void = () => undefined;
    const reply = new Promise<Reply>((done) => {
      resolve = done;
    });
    const mine: Waiting = { operation, resolve };
    waiting = mine;
    const timer = clock.after(timeoutMs, () => resolve('timeout'));
    try {
      await write(bytes);
      return await reply;
    } finally {
      timer.cancel();
      if (waiting === mine) waiting = null;
    }
  };
  return {
    ask: async (operation, values = {}, retries) => {
      const command = profile.commands[operation];
      const tries = 1 + (retries ?? command?.retries ?? 0);
      for (let attempt = 0; attempt < tries; attempt++) {
        const reply = await once(operation, encode(operation, values, framing), command?.timeoutMs ?? 0);
        if (reply !== 'timeout') return accepted(operation, reply);
      }
      throw new GatewayError('READER_TIMEOUT', `The reader did not answer ${operation}.`, { operation });
    },
    raw: write,
    tell: (operation, values = {}) => write(encode(operation, values, framing)),
    answered: (answer) => {
      const mine = answer.command === waiting?.operation || (answer.command === 'error' && !answer.routine);
      if (!mine || waiting === null) return false;
      waiting.resolve(answer);
      return true;
    },
    reset: () => waiting?.resolve('reset'),
    speak: (heard) => {
      if (!heard.control) framing = heard;
    },
    spoken: () => framing,
  };
}

function accepted(operation: Operation, reply: ReaderAnswer | 'reset'): ReaderAnswer {
  if (reply === 'reset') throw new GatewayError('LINK_LOST', `${operation} was given up.`, { operation });
  if (reply.ok !== false) return reply;
  const { error, fields } = reply;
  const text = String(fields['text'] ?? error ?? 'no reason given');
  throw new GatewayError('READER_REFUSED', `The reader refused ${operation}: ${text}.`, {
    operation,
    error,
    ...fields,
  });
}
