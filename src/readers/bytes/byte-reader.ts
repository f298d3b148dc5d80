import type { Clock, Log } from '../../kit/index.ts';
import type { ByteLinkEvents } from '../../links/index.ts';
import { noControl } from '../commands/access.ts';
import { createRunner } from '../commands/run.ts';
import type { ReaderOptions } from '../options.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import { regionOf } from '../reader-rules.ts';
import type { ReaderAnswer } from '../sink.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { ReaderMemory } from '../supervision/memory.ts';
import type { OnReads, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { createByteLine } from './byte-line.ts';
import { createConversation } from './conversation.ts';
import { compileFraming } from './framing.ts';
import { createReaderChannel, type OpenBytes } from './reader-channel.ts';
import { createSession } from './session.ts';

export type ByteReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: ByteProfile;
  readonly openBytes: OpenBytes;
  readonly clock: Clock;
  readonly log: Log;
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
};

/**
 * A reader that speaks bytes:  link ─▶ line (framer, decoder) ─▶ reads
 *                                ▲             └─ answers ─▶ session
 *                                └──────── commands ─────────────┘
 */
export function openByteReader(deps: ByteReaderDeps): Reader {
  const { config, profile, openBytes, clock, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), clock);
  const framings = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  const [first] = framings;
  if (first === undefined) throw new Error('a byte profile has at least one framing');
  const talk = createConversation(profile, first, clock, (bytes) => link.write(bytes));
  const channel = { searching: () => link.searching(), reopen: () => link.reopen() };
  const session = createSession({ ...deps, ...wantedOf(deps), ...channel, framings, talk, tracker });
  const line = createByteLine(deps, tracker, {
    heard: (framing, frame) => {
      link.heard();
      session.heard(framings[framing] ?? first, frame);
    },
    answered: (answer) => {
      if (!talk.answered(answer)) complain(answer, tracker);
    },
  });
  const events: ByteLinkEvents = {
    opened: () => {
      if (config.link.replay === undefined) session.opened();
    },
    chunk: line.chunk,
    lost: (error) => {
      log.info({ reason: error }, 'reader channel lost');
      tracker.lost(error);
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
    command: createRunner({ reader: config.id, control: noControl, log, problemOf: () => null }),
  };
}

function wantedOf({ config, profile }: ByteReaderDeps) {
  const region = regionOf(profile, config.region)?.code ?? null;
  return { region, power: config.power ?? null, antennas: Object.keys(config.antennas).map(Number) };
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
