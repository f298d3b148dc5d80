import type { Clock, Secret } from '../../../kit/index.ts';
import { openRest } from '../../../links/index.ts';
import { type Control, noControl } from '../../commands/access.ts';
import type { ReaderOptions } from '../../options.ts';
import type { MessageCommands } from '../../profile/command-profile.ts';
import type { MessageProfile } from '../../profile/message-profile.ts';
import type { ReaderAnswer } from '../../sink.ts';
import type { StatusTracker } from '../../status-tracker.ts';
import type { MessageChannel } from '../../types.ts';
import type { Ask } from './ask.ts';
import { createMessageControl } from './control.ts';
import { createModes } from './modes.ts';
import { createMqttAsk } from './mqtt-ask.ts';
import { startPolling } from './poll.ts';
import { createReports } from './reports.ts';
import { createRestAsk } from './rest-ask.ts';
import { createModeAccess } from './tag-access.ts';

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

/** Gives a reader that can only be listened to where profile or configuration name no way to ask it. */
export function openMessageControl(deps: OpenControlDeps): MessageControl {
  const { profile, channel, config } = deps;
  const { commands } = profile;
  const control = config.link.mqtt?.commandTopic;
  if (commands?.over === 'rest' && config.control !== undefined) return overRest(deps, commands, config.control);
  if (commands?.over !== 'mqtt' || channel === null || control === undefined) {
    return { control: noControl, answered: nothing, see: nothing, close: nothingToClose };
  }
  const topics = { control, management: config.link.mqtt?.managementTopic ?? control };
  const { ask, answered } = createMqttAsk({ ...deps, commands, channel, topics });
  // A reader that is away would get a command when it is back, if at all.
  const unready = () => (deps.isReachable() ? null : 'offline');
  return { ...controlOver(deps, commands, ask, unready), answered, close: nothingToClose };
}

type RestOptions = NonNullable<ReaderOptions['control']>;

function overRest(deps: OpenControlDeps, commands: MessageCommands, options: RestOptions): MessageControl {
  const { preset = 'default', password, ...rest } = options;
  const secret = password === undefined ? {} : { password: deps.secret?.(password) ?? '' };
  const connection = openRest({ ...rest, ...secret, timeoutMs: commands.answerMs }, deps);
  const ask = createRestAsk(connection, { preset });
  const endPolling = startPolling({ ...deps, commands, ask });
  const close = () => {
    endPolling();
    return connection.close();
  };
  return { ...controlOver(deps, commands, ask, () => null), answered: nothing, close };
}

function controlOver(
  deps: OpenControlDeps,
  commands: MessageCommands,
  ask: Ask,
  unready: Control['unready'],
): Pick<MessageControl, 'control' | 'see'> {
  const warn = (code: string, text: string) => {
    deps.tracker.warn(code, 1);
    deps.tracker.say(text);
  };
  const modes = createModes({ commands, ask, warn });
  const { access, mode, start, stop } = commands;
  if (access === undefined || mode === undefined || modes === null) {
    return { control: createMessageControl({ commands, ask, unready }, null, modes), see: nothing };
  }
  const reports = createReports(access, deps.clock);
  const tags = createModeAccess({ access, spec: mode, start, stop, ask, modes, reports });
  return { control: createMessageControl({ commands, ask, unready }, tags, modes), see: reports.see };
}
