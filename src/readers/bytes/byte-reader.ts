import { type Fault, type Log, sentenceOf } from '../../kit/index.ts';
import type { ByteLinkEvents } from '../../links/index.ts';
import { compileFraming, type ReaderAnswer } from '../../protocols/index.ts';
import type { ReadBatch } from '../../tags/index.ts';
import type { ReaderOptions } from '../options.ts';
import type { ReaderMemory } from '../reader-memory.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { Supervise } from '../supervision.ts';
import type { OnReads, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { type ByteLineDeps, createByteLine } from './byte-line.ts';
import { createCensus } from './census.ts';
import { createByteCommands } from './control.ts';
import { createConversation } from './conversation.ts';
import { createReaderChannel, type OpenBytes } from './reader-channel.ts';
import { createByteSession } from './session.ts';
import { createSettings } from './settings.ts';

export type ByteReaderDeps = ByteLineDeps & {
  readonly openBytes: OpenBytes;
  readonly log: Log;
  readonly supervise: Supervise;
  readonly memory?: ReaderMemory | null;
};

/**
 * A reader that speaks bytes:  link ─▶ line (framer, decoder) ─▶ reads
 *                                ▲             └─ answers ─▶ session
 *                                └──────── commands ─────────────┘
 */
export function openByteReader(deps: ByteReaderDeps): Reader {
  const { config, profile, openBytes, clock, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), deps.supervise, clock);
  const framings = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  const [first] = framings;
  if (first === undefined) throw new Error('a byte profile has at least one framing');
  const talk = createConversation(profile, first, clock, (bytes) => link.write(bytes));
  const channel = { searching: () => link.searching(), reopen: (reason: Fault) => link.reopen(reason) };
  const settings = createSettings(config);
  const session = createByteSession({ ...deps, ...channel, wanted: settings, framings, talk, tracker });
  const census = createCensus(profile, talk, clock);
  const seen = [census.reads, session.reads];
  const line = createByteLine({ ...deps, onReads: seenBy(seen, deps.onReads) }, tracker, {
    heard: (framing, frame) => {
      link.heard();
      session.heard(framings[framing] ?? first, frame);
      census.heard(frame);
    },
    answered: (answer) => void (talk.answered(answer) || complain(answer, tracker)),
    hold: (isHeld) => {
      session.held(isHeld);
      link.hold(isHeld);
    },
    isFiltered: () => settings.now().filter !== null,
  });
  const events: ByteLinkEvents = {
    opened: () => (config.link.replay === undefined ? session.opened() : undefined),
    chunk: line.chunk,
    lost: (fault) => {
      log.debug({ reason: sentenceOf(fault) }, 'reader channel lost');
      tracker.lost(fault, link.givingUp());
      session.lost();
      line.end();
    },
  };
  const link = createReaderChannel({ openBytes, bauds: profile.port.baud, link: config.link, tracker }, events);
  return {
    id: config.id,
    start: () => link.open(),
    stop: async () => {
      await session.stop();
      line.end();
      await link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    ...trackedBy(tracker),
    command: createByteCommands({ config, profile, session, settings, talk, census, clock }, log),
  };
}

/** Shows the reads to each of these on their way. */
function seenBy(all: readonly ((reads: ReadBatch) => void)[], onReads: OnReads): OnReads {
  return (reads, redelivered) => {
    for (const see of all) see(reads);
    return onReads(reads, redelivered);
  };
}

/** Nobody asked: the reader complains of its own accord (antenna, heat). */
function complain({ ok, routine, error, fields }: ReaderAnswer, tracker: StatusTracker): void {
  if (ok !== false || routine) return;
  const text = String(fields['text'] ?? error);
  tracker.warn('READER_COMPLAINED', 1);
  tracker.say(`the reader complains: ${text}`);
  tracker.sign({ about: 'complaint', error: error ?? 'internal', text }, null);
}

/** Where a byte reader is reached, for its status. */
export function addressOf({ link }: ReaderOptions): string {
  if (link.serial !== undefined) return link.serial.path;
  if (link.tcp !== undefined) return `${link.tcp.host}:${link.tcp.port}`;
  return link.replay?.file ?? '';
}
