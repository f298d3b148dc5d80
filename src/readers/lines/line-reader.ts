import { type Clock, type Log, pause } from '../../kit/index.ts';
import type { ByteLinkEvents } from '../../links/index.ts';
import { attempt } from '../bytes/attempt.ts';
import { addressOf } from '../bytes/byte-reader.ts';
import { createReaderChannel, type OpenBytes } from '../bytes/reader-channel.ts';
import { noControl } from '../commands/access.ts';
import { createRunner } from '../commands/run.ts';
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
  const { config, profile, openBytes, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), deps.clock);
  const line = createTextLine(deps, tracker, () => link.heard());
  const poller = createPoller(deps, tracker, line.heardAt, {
    write: (bytes) => link.write(bytes),
    reopen: () => link.reopen(),
  });
  const events: ByteLinkEvents = {
    opened: () => (config.link.replay === undefined ? poller.begin() : undefined),
    chunk: line.chunk,
    lost: (error) => {
      log.info({ reason: error }, 'reader channel lost');
      tracker.lost(error);
      poller.end();
      line.end();
    },
  };
  const link = createReaderChannel({ openBytes, bauds: profile.port.baud, link: config.link, tracker }, events);
  return {
    id: config.id,
    start: () => link.open(),
    stop: async () => {
      poller.end();
      line.end();
      await link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    ...trackedBy(tracker),
    command: createRunner({ reader: config.id, control: noControl, log, problemOf: () => null }),
  };
}

function createTextLine(
  { config, profile, clock, onReads }: LineReaderDeps,
  tracker: StatusTracker,
  heard: () => void,
) {
  const answered = ({ ok, routine, error, fields }: ReaderAnswer) => {
    if (typeof fields['identity'] === 'string') tracker.identify(fields['identity']);
    if (ok !== false || routine) return;
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
        heard();
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

type Line = { write(bytes: Uint8Array): Promise<void>; reopen(): void };

/** Sets up and asks; a reader that says nothing is opened anew. One without `poll` is only heard. */
function createPoller(
  { profile, config, clock }: LineReaderDeps,
  tracker: StatusTracker,
  heardAt: () => number,
  line: Line,
) {
  const { setUp, poll, pollMs, silenceMs } = profile.session;
  const say = (text: string) => attempt(() => line.write(commandBytes(profile, text, config.power)));
  let alive = new AbortController();
  const run = async (poll: string, signal: AbortSignal) => {
    await pause(clock, profile.port.openMs, signal);
    for (const text of setUp) {
      if (!signal.aborted) await say(text);
      await pause(clock, pollMs, signal);
    }
    tracker.started('inventory started');
    const begun = clock.now();
    while (!signal.aborted) {
      await say(poll);
      await pause(clock, pollMs, signal);
      if (signal.aborted || clock.now() - Math.max(begun, heardAt()) < silenceMs) continue;
      const text = 'The reader does not answer: check cable, power, port and baud rate.';
      tracker.failed({ code: 'READER_TIMEOUT', about: 'poll', error: null, text });
      line.reopen();
      return;
    }
  };
  return {
    begin: () => {
      alive.abort();
      alive = new AbortController();
      if (poll === undefined) tracker.started('listening');
      else void run(poll, alive.signal);
    },
    end: () => alive.abort(),
  };
}
