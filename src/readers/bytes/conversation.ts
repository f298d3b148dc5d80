import { type Clock, type Fault, failure, fault, said } from '../../kit/index.ts';
import {
  type ByteProfile,
  type CompiledFraming,
  compileEncoder,
  type Form,
  type Operation,
  opcodeIn,
  type ReaderAnswer,
  type TemplateValues,
} from '../../protocols/index.ts';

/** `forms`: ways to say it, the best first. `hears`: an error that is normal while taking inventory is an answer too. */
export type How = { readonly forms?: readonly Form[]; readonly retries?: number; readonly hears?: boolean };

/** Commands to a reader and their answers, one outstanding at a time. */
export type Conversation = {
  /**
   * Sends and waits for the answer, again after each time-out as the profile says. Rejects with READER_TIMEOUT,
   * READER_REFUSED (the reader's neutral error in `context.error`) or LINK_LOST.
   */
  ask(operation: Operation, values?: TemplateValues, how?: How): Promise<ReaderAnswer>;
  /** Sends without waiting for an answer. */
  tell(operation: Operation, values?: TemplateValues, forms?: readonly Form[]): Promise<void>;
  /** Writes bytes as they are: a wake-up, an acknowledgement. */
  raw(bytes: Uint8Array): Promise<void>;
  /** Whether the answer was waited for. */
  answered(answer: ReaderAnswer): boolean;
  /** How many questions were answered, and how many were not, since the start. */
  heard(): { readonly answers: number; readonly silences: number };
  /** What is being asked; null when nothing is. */
  awaits(): Operation | null;
  /** Gives up what is being asked: it rejects with LINK_LOST. */
  reset(): void;
  /** Which of the profile's framings the reader speaks. */
  speak(framing: CompiledFraming): void;
  spoken(): CompiledFraming;
};

type Reply = ReaderAnswer | 'timeout' | 'reset';
type Waiting = { readonly operation: Operation; readonly hears: boolean; resolve(reply: Reply): void };

export function createConversation(
  profile: ByteProfile,
  first: CompiledFraming,
  clock: Clock,
  write: (bytes: Uint8Array) => Promise<void>,
): Conversation {
  const encode = compileEncoder(profile);
  let framing = first;
  let waiting: Waiting | null = null;
  const heard = { answers: 0, silences: 0 };
  const answerOf = compileAnswerNames(profile);
  const once = async (operation: Operation, bytes: Uint8Array, hears: boolean): Promise<Reply> => {
    const { reply, resolve } = awaited();
    const mine: Waiting = { operation, hears, resolve };
    waiting = mine;
    const timer = clock.after(profile.commands[operation]?.timeoutMs ?? 0, () => resolve('timeout'));
    try {
      await write(bytes);
      return await reply;
    } finally {
      timer.cancel();
      if (waiting === mine) waiting = null;
    }
  };
  return {
    ask: async (operation, values = {}, { forms, retries, hears = false } = {}) => {
      const tries = 1 + (retries ?? profile.commands[operation]?.retries ?? 0);
      for (let attempt = 0; attempt < tries; attempt++) {
        const reply = await once(operation, encode(operation, values, framing, forms), hears);
        if (reply !== 'timeout') return accepted(operation, reply);
        heard.silences += 1;
      }
      throw failure(fault('READER_STEP_UNANSWERED', { step: operation }), { operation });
    },
    raw: write,
    tell: async (operation, values = {}, forms) => write(encode(operation, values, framing, forms)),
    answered: (answer) => {
      if (waiting === null) return false;
      const { operation, hears } = waiting;
      const refused = answer.command === 'error' && (hears || !answer.routine);
      if (!refused && answerOf(answer.command) !== answerOf(operation)) return false;
      waiting.resolve(answer);
      heard.answers += 1;
      return true;
    },
    heard: () => ({ ...heard }),
    awaits: () => waiting?.operation ?? null,
    reset: () => waiting?.resolve('reset'),
    speak: (heard) => {
      if (!heard.control) framing = heard;
    },
    spoken: () => framing,
  };
}

function awaited() {
  let resolve: (reply: Reply) => void = () => undefined;
  const reply = new Promise<Reply>((done) => {
    resolve = done;
  });
  return { reply, resolve };
}

/**
 * Under what name an answer to an operation comes. Several operations may share an opcode, and an error names the opcode
 * only.
 */
function compileAnswerNames({ commands, opcode }: ByteProfile): (name: string) => string {
  const names = new Map<string, string>();
  for (const [operation, { answer }] of Object.entries(commands)) {
    const code = opcodeIn(answer?.match, opcode.at);
    if (code !== null) names.set(operation, opcode.names[code] ?? operation);
  }
  return (name) => names.get(name) ?? name;
}

function accepted(operation: Operation, reply: ReaderAnswer | 'reset'): ReaderAnswer {
  if (reply === 'reset') throw failure(fault('READER_STEP_GIVEN_UP', { step: operation }), { operation });
  if (reply.ok !== false) return reply;
  const { error, fields } = reply;
  const refusal = fault('READER_STEP_REFUSED', { step: operation }, reasonOf(error, fields['text']));
  throw failure(refusal, { operation, error, ...fields });
}

function reasonOf(error: string | null, text: unknown): Fault {
  if (text !== undefined) return said(String(text));
  return error === null ? fault('NO_REASON') : fault('READER_WORD', { word: error });
}
