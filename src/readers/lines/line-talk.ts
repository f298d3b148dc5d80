import { type Clock, GatewayError } from '../../kit/index.ts';
import type { ReaderAnswer } from '../../protocols/index.ts';

/** Questions to a reader of lines, one at a time. */
export type LineTalk = {
  /**
   * Sends a line and waits for the answer that `isMine`. Rejects with READER_TIMEOUT or LINK_LOST; an answer that says no
   * is an answer.
   */
  ask(line: string, isMine: (answer: ReaderAnswer) => boolean): Promise<ReaderAnswer>;
  /** Whether the answer was waited for. */
  answered(answer: ReaderAnswer): boolean;
  /** Gives up what is being asked. */
  reset(): void;
};

export function createLineTalk(clock: Clock, timeoutMs: number, write: (line: string) => Promise<void>): LineTalk {
  type Reply = ReaderAnswer | 'timeout' | 'reset';
  let waiting: { isMine(answer: ReaderAnswer): boolean; resolve(reply: Reply): void } | null = null;
  return {
    ask: async (line, isMine) => {
      let resolve: (reply: Reply) => void = () => undefined;
      const reply = new Promise<Reply>((done) => {
        resolve = done;
      });
      waiting = { isMine, resolve };
      const timer = clock.after(timeoutMs, () => resolve('timeout'));
      try {
        await write(line);
        return answerOf(await reply);
      } finally {
        timer.cancel();
        waiting = null;
      }
    },
    answered: (answer) => {
      if (waiting?.isMine(answer) !== true) return false;
      waiting.resolve(answer);
      return true;
    },
    reset: () => waiting?.resolve('reset'),
  };
}

function answerOf(reply: ReaderAnswer | 'timeout' | 'reset'): ReaderAnswer {
  if (reply === 'timeout') throw new GatewayError('READER_TIMEOUT', 'The reader did not answer.');
  if (reply === 'reset') throw new GatewayError('LINK_LOST', 'The question was given up.');
  return reply;
}
