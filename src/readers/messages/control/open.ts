import type { Clock } from '../../../kit/index.ts';
import { type Control, noControl } from '../../commands/access.ts';
import type { CommandError } from '../../commands/result.ts';
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
import { createReports } from './reports.ts';
import { createModeAccess } from './tag-access.ts';

export type OpenControlDeps = {
  readonly config: ReaderOptions;
  readonly profile: MessageProfile;
  /** Null where the reader is not on a broker. */
  readonly channel: Pick<MessageChannel, 'publish'> | null;
  readonly clock: Clock;
  readonly random: () => number;
  readonly tracker: Pick<StatusTracker, 'warn' | 'say'>;
  unready(): CommandError | null;
};

/** The command side of a reader that publishes messages. */
export type MessageControl = {
  readonly control: Control;
  /** An answer that came from the reader. */
  answered(answer: ReaderAnswer): void;
  /** A message with reads. */
  see(payload: Uint8Array): void;
};

const nothing = () => undefined;

/** Gives a reader that can only be listened to where profile or configuration name no way to ask it. */
export function openMessageControl(deps: OpenControlDeps): MessageControl {
  const { profile, channel, config } = deps;
  const { commands } = profile;
  const control = config.link.mqtt?.commandTopic;
  if (commands === undefined || channel === null || control === undefined) {
    return { control: noControl, answered: nothing, see: nothing };
  }
  const topics = { control, management: config.link.mqtt?.managementTopic ?? control };
  const { ask, answered } = createMqttAsk({ ...deps, commands, channel, topics });
  return { ...controlOver(deps, commands, ask), answered };
}

function controlOver(
  deps: OpenControlDeps,
  commands: MessageCommands,
  ask: Ask,
): Pick<MessageControl, 'control' | 'see'> {
  const warn = (code: string, text: string) => {
    deps.tracker.warn(code, 1);
    deps.tracker.say(text);
  };
  const modes = createModes({ commands, ask, warn });
  const { access, mode, start, stop } = commands;
  if (access === undefined || mode === undefined || modes === null) {
    return { control: createMessageControl({ ...deps, commands, ask }, null, modes), see: nothing };
  }
  const reports = createReports(access, deps.clock);
  const tags = createModeAccess({ access, spec: mode, start, stop, ask, modes, reports });
  return { control: createMessageControl({ ...deps, commands, ask }, tags, modes), see: reports.see };
}
