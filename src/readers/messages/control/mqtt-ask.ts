import type { Clock } from '../../../kit/index.ts';
import { type CommandError, commandErrors, type ReaderAnswer, wordOf } from '../../../protocols/index.ts';
import type { Reply } from '../../commands/access.ts';
import type { MessageChannel } from '../../types.ts';
import type { MqttAsk, MqttQuestion } from './dialect.ts';

export type MqttAskDeps = {
  readonly answerMs: number;
  /** The key of a message that an answer repeats. */
  readonly id: string;
  /** The reader's command topics. */
  readonly topics: Readonly<Record<MqttQuestion['plane'], string>>;
  readonly channel: Pick<MessageChannel, 'publish'>;
  readonly clock: Clock;
  /** Gives [0, 1); makes ids that no other gateway and no earlier run uses. */
  readonly random: () => number;
};

type Waiting = { readonly question: MqttQuestion; done(reply: Reply<unknown>): void };

/**
 * Questions over a reader's command topic. An answer belongs to the question whose id it repeats; others are nobody's.
 * Questions go out with QoS 0: a broker must not keep a command for a reader that comes back hours later.
 */
export function createMqttAsk(deps: MqttAskDeps): { ask: MqttAsk; answered(answer: ReaderAnswer): void } {
  const { id: key, topics, channel, clock } = deps;
  const run = Math.floor(deps.random() * 0xffff_ffff).toString(16);
  const waiting = new Map<string, Waiting>();
  let count = 0;

  const ask: MqttAsk = async (question) => {
    count += 1;
    const id = `sg-${run}-${count}`;
    const answer = new Promise<Reply<unknown>>((resolve) => {
      const late = clock.after(deps.answerMs, () => done({ ok: false, error: 'timeout', sent: true }));
      const done = (reply: Reply<unknown>) => {
        late.cancel();
        waiting.delete(id);
        resolve(reply);
      };
      waiting.set(id, { question, done });
    });
    try {
      await channel.publish(topics[question.plane], JSON.stringify({ ...question.body, [key]: id }), { qos: 0 });
    } catch {
      waiting.get(id)?.done({ ok: false, error: 'offline', sent: false });
    }
    return answer;
  };
  return {
    ask,
    answered: ({ ok, error, fields }) => {
      const asked = waiting.get(wordOf(fields[key]));
      if (asked === undefined) return;
      if (ok === false && asked.question.isSoAlready?.(fields) !== true) {
        return asked.done({ ok: false, error: commandErrorOf(error), sent: true });
      }
      asked.done({ ok: true, value: fields });
    },
  };
}

function commandErrorOf(word: string | null): CommandError {
  return commandErrors.find((error) => error === word) ?? 'internal';
}
