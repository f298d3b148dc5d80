import { type Clock, type Fault, type Log, sentenceOf } from '../../kit/index.ts';
import type { ByteLinkEvents } from '../../links/index.ts';
import { commandBytes, type LineProfile, lineBytes } from '../../protocols/index.ts';
import { addressOf } from '../bytes/byte-reader.ts';
import { createReaderChannel, type OpenBytes, type ReaderChannel } from '../bytes/reader-channel.ts';
import type { ReaderOptions } from '../options.ts';
import type { ReaderMemory } from '../reader-memory.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { Supervise } from '../supervision.ts';
import type { OnReads, Pressure, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { createLineCommands } from './line-control.ts';
import { createLineDeafness } from './line-deaf.ts';
import { createLineSettings } from './line-settings.ts';
import { createLineTalk } from './line-talk.ts';
import { type Credentials, createLogin, type Login } from './login.ts';
import { createPoller } from './poller.ts';
import { createTextLine } from './text-line.ts';

export type LineReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: LineProfile;
  readonly openBytes: OpenBytes;
  /** For a reader that asks who is there; null where the configuration names nobody. */
  readonly credentials?: Credentials | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly supervise: Supervise;
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
  readonly pressure?: Pressure;
};

/** A reader that writes lines:  link ─▶ splitter ─▶ grammar ─▶ reads. One with a `poll` is asked again and again. */
export function openLineReader(given: LineReaderDeps): Reader {
  const deps = { ...given, profile: spokenTo(given) };
  const { config, profile, openBytes, clock, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), deps.supervise, deps.clock);
  const login = loginOf(deps, tracker, () => link);
  const deaf = createLineDeafness({ ...deps, tracker, ask: (text) => write(text) });
  const line = createTextLine({ ...deps, onReads: deaf.hears(deps.onReads) }, tracker, {
    login,
    heard: () => link.heard(),
    hold: (isHeld) => link.hold(isHeld),
    answered: (answer) => {
      deaf.answered(answer);
      poller.answered();
      return talk.answered(answer);
    },
  });
  const settings = createLineSettings(config, profile);
  const write = (text: string) => link.write(deaf.said(commandBytes(profile, text, settings.values())));
  const talk = createLineTalk(clock, profile.control?.timeoutMs ?? 0, write);
  const poller = createPoller({ ...deps, ...line, tracker, say: write, login, reopen: (why) => link.reopen(why) });
  const rest = () => {
    poller.end('offline');
    talk.reset();
    line.end();
  };
  const events: ByteLinkEvents = {
    opened: () => {
      deaf.opened();
      if (config.link.replay === undefined) poller.begin();
    },
    chunk: line.chunk,
    between: line.end,
    lost: (fault) => {
      noteLoss(log, tracker, fault, link.givingUp());
      rest();
    },
  };
  const link = createReaderChannel({ openBytes, bauds: profile.port.baud, link: config.link, tracker }, events);
  return {
    id: config.id,
    start: () => link.open(),
    stop: () => {
      rest();
      return link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    ...trackedBy(tracker),
    command: createLineCommands({ config, profile, poller, settings, talk }, log),
  };
}

function noteLoss(log: Log, tracker: StatusTracker, fault: Fault, isGivenUp: boolean): void {
  log.debug({ reason: sentenceOf(fault) }, 'reader channel lost');
  tracker.lost(fault, isGivenUp);
}

function loginOf(deps: LineReaderDeps, tracker: StatusTracker, link: () => ReaderChannel): Login {
  const { config, profile, credentials = null, clock } = deps;
  return createLogin({
    profile,
    credentials,
    clock,
    waits: config.link.tcp !== undefined,
    write: (text) => link().write(lineBytes(profile, text, 'utf8')),
    refused: (trouble) => {
      tracker.failed(trouble);
      link().reopen(trouble.fault);
    },
  });
}

/** A reader that dials in to notify is only heard. */
function spokenTo({ config, profile }: LineReaderDeps): LineProfile {
  const { session } = profile;
  if (session.notifies !== true || config.link.tcp?.listen !== true) return profile;
  const { poll: _poll, login: _login, ...heard } = session;
  return { ...profile, session: { ...heard, setUp: [] } };
}
