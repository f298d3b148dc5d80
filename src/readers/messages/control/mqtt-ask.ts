import type { Clock } from '../../../kit/index.ts';
import type { Reply } from '../../commands/access.ts';
import { type CommandError, commandErrors } from '../../commands/result.ts';
import type { MessageCommands } from '../../profile/command-profile.ts';
import type { MessageProfile } from '../../profile/message-profile.ts';
import type { ReaderAnswer } from '../../sink.ts';
import type { MessageChannel } from '../../types.ts';
import { compilePath } from '../place.ts';
import type { Ask } from './ask.ts';

/** The reader's command topics. */
export type CommandTopics = { readonly control: string; readonly management: string };

export type MqttAskDeps = {
  readonly profile: MessageProfile;
  readonly commands: MessageCommands;
  readonly topics: CommandTopics;
  readonly channel: Pick<MessageChannel, 'publish'>;
  readonly clock: Clock;
  /** Gives [0, 1); makes ids that no other gateway and no earlier run uses. */
  readonly random: () => number;
};

type Waiting = { readonly already: readonly string[]; done(reply: Reply<unknown>): void };

/**
 * Questions over a reader's command topic. An answer belongs to the question whose id it repeats; others are nobody's.
 * Questions go out with QoS 0: a broker must not keep a command for a reader that comes back hours later.
 */
export function createMqttAsk(deps: MqttAskDeps): { ask: Ask; answered(answer: ReaderAnswer): void } {
  const { profile, commands, topics, channel, clock } = deps;
  const key = commands.id ?? 'id';
  const codeOf = compilePath(profile.rules.find(({ errors }) => errors !== undefined)?.errors?.path ?? '');
  const run = Math.floor(deps.random() * 0xffff_ffff).toString(16);
  const waiting = new Map<string, Waiting>();
  let count = 0;

  const ask: Ask = async (request, body = request.body ?? {}) => {
    count += 1;
    const id = `sg-${run}-${count}`;
    const answer = new Promise<Reply<unknown>>((resolve) => {
      const late = clock.after(commands.answerMs, () => done({ ok: false, error: 'timeout', sent: true }));
      const done = (reply: Reply<unknown>) => {
        late.cancel();
        waiting.delete(id);
        resolve(reply);
      };
      waiting.set(id, { already: request.already ?? [], done });
    });
    try {
      await channel.publish(topics[request.plane ?? 'control'], JSON.stringify({ ...body, [key]: id }), { qos: 0 });
    } catch {
      waiting.get(id)?.done({ ok: false, error: 'offline', sent: false });
    }
    return answer;
  };
  return {
    ask,
    answered: ({ ok, error, fields }) => {
      const asked = waiting.get(String(fields[key]));
      if (asked === undefined) return;
      if (ok === false && !asked.already.includes(String(codeOf(fields)))) {
        return asked.done({ ok: false, error: commandErrorOf(error), sent: true });
      }
      asked.done({ ok: true, value: fields });
    },
  };
}

function commandErrorOf(word: string | null): CommandError {
  return commandErrors.find((error) => error === word) ?? 'internal';
}
