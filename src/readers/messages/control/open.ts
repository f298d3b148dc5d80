import type { Clock, Secret } from '../../../kit/index.ts';
import { openRest } from '../../../links/index.ts';
import type { MessageProfile, ReaderAnswer } from '../../../protocols/index.ts';
import { type Control, noControl, type Reply } from '../../commands/access.ts';
import type { ReaderOptions } from '../../options.ts';
import type { StatusTracker } from '../../status-tracker.ts';
import type { MessageChannel } from '../../types.ts';
import { commandsOf } from '../dialects.ts';
import type { MessageCommands, Talk } from './dialect.ts';
import { createModes, done } from './modes.ts';
import { createMqttAsk } from './mqtt-ask.ts';
import { createRestAsk, startPolling } from './rest.ts';

export type OpenControlDeps = {
  readonly config: ReaderOptions;
  readonly profile: MessageProfile;
  /** Null where the reader is not on a broker. */
  readonly channel: Pick<MessageChannel, 'publish'> | null;
  readonly clock: Clock;
  readonly random: () => number;
  readonly tracker: Pick<StatusTracker, 'warn' | 'say' | 'event' | 'sign'>;
  isReachable(): boolean;
  secret?(secret: Secret): string;
};

/** The command side of a reader that publishes messages. */
export type MessageControl = {
  readonly control: Control;
  /** An answer that came from the reader. */
  answered(answer: ReaderAnswer): void;
  /** A message with reads. */
  see(payload: Uint8Array): void;
  close(): Promise<void>;
};

const nothing = () => undefined;
const nothingToClose = () => Promise.resolve();

/** Gives a reader that can only be listened to where plug-in or configuration name no way to ask it. */
export function openMessageControl(deps: OpenControlDeps): MessageControl {
  const { profile, channel, config } = deps;
  const commands = commandsOf(profile);
  const control = config.link.mqtt?.commandTopic;
  if (commands?.over === 'rest' && config.control !== undefined) return overRest(deps, commands, config.control);
  if (commands?.over !== 'mqtt' || channel === null || control === undefined) {
    return { control: noControl, answered: nothing, see: nothing, close: nothingToClose };
  }
  const topics = { control, management: config.link.mqtt?.managementTopic ?? control };
  const { ask, answered } = createMqttAsk({ ...deps, ...commands, channel, topics });
  // A reader that is away would get a command when it is back, if at all.
  const unready = () => (deps.isReachable() ? null : 'offline');
  return { ...controlOver(deps, commands.talk(ask), unready), answered, close: nothingToClose };
}

type RestOptions = NonNullable<ReaderOptions['control']>;
type RestCommands = Extract<MessageCommands, { over: 'rest' }>;

function overRest(deps: OpenControlDeps, commands: RestCommands, options: RestOptions): MessageControl {
  const { preset = 'default', password, ...rest } = options;
  const secret = password === undefined ? {} : { password: deps.secret?.(password) ?? '' };
  const connection = openRest({ ...rest, ...secret, timeoutMs: commands.answerMs }, deps);
  const talk = commands.talk(createRestAsk(connection), preset);
  const endPolling = startPolling({ ...deps, talk });
  const close = () => {
    endPolling();
    return connection.close();
  };
  return { ...controlOver(deps, talk, () => null), answered: nothing, close };
}

/** What a reader that publishes messages does on command, over whatever way it is asked. */
function controlOver(
  { tracker, clock }: OpenControlDeps,
  talk: Talk,
  unready: Control['unready'],
): Pick<MessageControl, 'control' | 'see'> {
  const modes = createModes(talk, (code, text) => {
    tracker.warn(code, 1);
    tracker.say(text);
  });
  const access = talk.access(modes, clock);
  const simple = async (asked: Promise<Reply<unknown>>): Promise<Reply<null>> => {
    const reply = await asked;
    return reply.ok ? done : reply;
  };
  const control: Control = {
    unready,
    identify: talk.identify,
    start: () => simple(talk.start()),
    stop: () => simple(talk.stop()),
    configure: modes.configure,
    ...(access === null ? {} : { access: access.tags }),
    exclusively: modes.exclusively,
  };
  return { control, see: access?.see ?? nothing };
}
