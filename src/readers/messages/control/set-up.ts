import { type Clock, type Fault, fault } from '../../../kit/index.ts';
import { type CommandError, commandFault, type MessageProfile } from '../../../protocols/index.ts';
import type { ReaderCommand } from '../../commands/command.ts';
import type { CommandResult } from '../../commands/result.ts';
import type { ReaderOptions } from '../../options.ts';
import type { StatusTracker } from '../../status-tracker.ts';
import { commandsOf } from '../dialects.ts';
import type { Wanted } from './dialect.ts';

const LOOK_MS = 1_000;
const AGAIN_MS = 60_000;

/** What the configuration asks the reader to be set to; null where it asks for nothing. */
export function configuredSettings({ region, power, antennaPower, session, q, filter }: ReaderOptions): Wanted | null {
  const all = { region, power, antennaPower, session, q, filter };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? null : (Object.fromEntries(given) as Wanted);
}

export type SetUp = {
  start(): void;
  /** Something came from the reader: one that could not be set up before because it was not there is tried at once. */
  heard(): void;
  stop(): void;
};

export type SetUpDeps = {
  readonly config: ReaderOptions;
  readonly profile: MessageProfile;
  readonly clock: Clock;
  isReady(): boolean;
  command(command: ReaderCommand): Promise<CommandResult>;
  readonly tracker: Pick<StatusTracker, 'started' | 'failed'>;
};

/** Brings the reader to what the configuration asks for: once it can be asked, when it comes back, and until it is so. */
export function createSetUp({ config, profile, clock, isReady, command, tracker }: SetUpDeps): SetUp {
  const settings = configuredSettings(config);
  const ports = commandsOf(profile)?.limits.antennas === true ? { antennas: portsOf(config) } : {};
  let state: 'waiting' | 'running' | 'done' = 'waiting';
  let wasReady = false;
  let wasHeard = false;
  let notBefore = 0;
  let timer = { cancel: () => undefined as unknown };
  const set = async (wanted: Wanted) => {
    state = 'running';
    const { outcome, error } = await command({ command: 'configure', settings: { ...wanted, ...ports } });
    state = outcome === 'done' ? 'done' : 'waiting';
    notBefore = clock.now() + AGAIN_MS;
    if (outcome === 'done') return tracker.started('set up as configured');
    const code = error === 'timeout' ? 'READER_TIMEOUT' : 'READER_REFUSED';
    tracker.failed({ code, about: 'setUp', error, fault: notSetUp(error) });
  };
  const look = (wanted: Wanted) => {
    const ready = isReady();
    // A reader that was away may have forgotten everything.
    if (ready && !wasReady) {
      notBefore = 0;
      if (state === 'done') state = 'waiting';
    }
    if (!ready) wasHeard = false;
    wasReady = ready;
    if (ready && state === 'waiting' && clock.now() >= notBefore) void set(wanted);
  };
  return {
    start: () => {
      if (settings !== null) timer = clock.every(LOOK_MS, () => look(settings));
    },
    heard: () => {
      if (!wasHeard) notBefore = 0;
      wasHeard = true;
    },
    stop: () => void timer.cancel(),
  };
}

function notSetUp(error: CommandError | null): Fault {
  return fault('READER_NOT_SET_UP', {}, error === null ? null : commandFault(error));
}

function portsOf({ antennas }: ReaderOptions): number[] {
  return Object.keys(antennas).map(Number);
}
