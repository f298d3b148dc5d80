import type { Clock, Log } from '../../kit/index.ts';
import type { ByteLinkEvents } from '../../links/index.ts';
import { addressOf } from '../bytes/byte-reader.ts';
import { createReaderChannel, type OpenBytes } from '../bytes/reader-channel.ts';
import { createHandOn } from '../hand-on.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { LineProfile } from '../profile/line-profile.ts';
import type { ReaderAnswer } from '../sink.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { ReaderMemory } from '../supervision/memory.ts';
import type { OnReads, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { createLineDecoder } from './decode.ts';
import { createLineCommands } from './line-control.ts';
import { createLineSettings } from './line-settings.ts';
import { createLineTalk } from './line-talk.ts';
import { createPoller } from './poller.ts';
import { createSplitter } from './splitter.ts';
import { commandBytes } from './text.ts';

export type LineReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: LineProfile;
  readonly openBytes: OpenBytes;
  readonly clock: Clock;
  readonly log: Log;
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
};

/** Characters that a line of text may hold. */
const LEGIBLE = /^[\t -~]+$/;

/** A reader that writes lines:  link ─▶ splitter ─▶ grammar ─▶ reads. One with a `poll` is asked again and again. */
export function openLineReader(deps: LineReaderDeps): Reader {
  const { config, profile, openBytes, clock, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), deps.clock);
  const line = createTextLine(deps, tracker, {
    heard: () => link.heard(),
    answered: (answer) => {
      poller.answered();
      return talk.answered(answer);
    },
  });
  const settings = createLineSettings(config, profile);
  const write = (text: string) => link.write(commandBytes(profile, text, settings.values()));
  const talk = createLineTalk(clock, profile.control?.timeoutMs ?? 0, write);
  const poller = createPoller({ ...deps, tracker, say: write, heardAt: line.heardAt, reopen: () => link.reopen() });
  const events: ByteLinkEvents = {
    opened: () => (config.link.replay === undefined ? poller.begin() : undefined),
    chunk: line.chunk,
    lost: (error) => {
      log.info({ reason: error }, 'reader channel lost');
      tracker.lost(error);
      poller.end('offline');
      talk.reset();
      line.end();
    },
  };
  const link = createReaderChannel({ openBytes, bauds: profile.port.baud, link: config.link, tracker }, events);
  return {
    id: config.id,
    start: () => link.open(),
    stop: async () => {
      poller.end('offline');
      talk.reset();
      line.end();
      await link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    ...trackedBy(tracker),
    command: createLineCommands({ config, profile, poller, settings, talk }, log),
  };
}

function createTextLine(
  { config, profile, clock, onReads }: LineReaderDeps,
  tracker: StatusTracker,
  calls: { heard(): void; answered(answer: ReaderAnswer): boolean },
) {
  const answered = (answer: ReaderAnswer) => {
    const { ok, routine, error, fields } = answer;
    if (typeof fields['identity'] === 'string') tracker.identify(fields['identity']);
    if (calls.answered(answer) || ok !== false || routine) return;
    const text = String(fields['code'] ?? error);
    tracker.warn('READER_REFUSED', 1);
    tracker.say(`the reader refused: ${text}`);
    tracker.sign({ about: 'complaint', error: error ?? 'internal', text: `it refused a command (${text})` }, null);
  };
  const intake = createIntake(config.id, profile.antennas === 1 ? 1 : null, tracker, answered);
  const decoder = createLineDecoder(profile, intake.context);
  let receivedAt = clock.now();
  let heardAt = receivedAt;
  const splitter = createSplitter(profile, {
    line: (text) => {
      // At a wrong speed a line is noise, and noise is no sign of life.
      if (LEGIBLE.test(text)) {
        heardAt = receivedAt;
        calls.heard();
      }
      decoder.line(text, receivedAt, intake.sink);
    },
    discarded: (bytes, reason) => intake.sink.bad(reason, bytes, 0),
  });
  const handOn = createHandOn(intake, tracker, onReads);
  return {
    chunk: (bytes: Uint8Array, at: number) => {
      receivedAt = at;
      splitter.push(bytes);
      handOn();
    },
    end: () => {
      splitter.end();
      decoder.end(intake.sink);
      handOn();
    },
    heardAt: () => heardAt,
  };
}
