import { type Clock, type Fault, type Log, sentenceOf } from '../../kit/index.ts';
import type { ByteLink, ByteLinkEvents } from '../../links/index.ts';
import {
  createLlrpDecoder,
  createLlrpFramer,
  framingFault,
  type LlrpProfile,
  type MessageTree,
} from '../../protocols/index.ts';
import { createRunner } from '../commands/run.ts';
import { createHandOn } from '../hand-on.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { ReaderMemory } from '../reader-memory.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { Supervise } from '../supervision.ts';
import type { OnReads, Pressure, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { createLlrpControl, type LlrpControlDeps, llrpProblemOf } from './control.ts';
import { createLlrpSession, type LlrpSession } from './session.ts';
import { createTagOperations, type TagOperations } from './tag-operations.ts';
import { wantedOf } from './wanted.ts';

export type LlrpReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: LlrpProfile;
  /** Makes the byte channel, not yet open. */
  readonly openBytes: (events: ByteLinkEvents) => ByteLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly supervise: Supervise;
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
  readonly pressure?: Pressure;
};

/**
 * A reader that speaks LLRP:  link ─▶ framer ─▶ decoder ─▶ reads
 *                               ▲                  └─ everything else ─▶ session
 *                               └──────────────── requests ────────────────┘
 */
export function openLlrpReader(deps: LlrpReaderDeps): Reader {
  const { config, profile, openBytes, clock, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), deps.supervise, clock);
  const session = createLlrpSession({
    ...{ plan: { profile, wanted: wantedOf(config) }, clock, log, tracker },
    write: (bytes) => link.write(bytes),
    reopen: (reason) => link.giveUp(reason),
  });
  const operations = createTagOperations({ clock, tagMs: profile.session.answerMs, ask: session.ask });
  const hold = (isHeld: boolean) => {
    session.held(isHeld);
    link.hold(isHeld);
  };
  const line = createLlrpLine(deps, tracker, session, { operations, hold });
  const events: ByteLinkEvents = {
    opened: () => {
      line.reset();
      if (config.link.replay === undefined) session.opened();
    },
    chunk: line.chunk,
    lost: (fault) => {
      log.debug({ reason: sentenceOf(fault) }, 'reader channel lost');
      tracker.lost(fault);
      line.end();
      session.lost();
      operations.lost();
    },
  };
  const link = openBytes(events);
  return {
    id: config.id,
    start: () => link.open(),
    stop: async () => {
      operations.abandon();
      await session.stop();
      operations.lost();
      line.end();
      await link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    ...trackedBy(tracker),
    command: commandOf(deps, { profile, session, operations, hush: line.hush }),
  };
}

function commandOf({ config, log }: LlrpReaderDeps, deps: LlrpControlDeps): Reader['command'] {
  return createRunner({
    reader: config.id,
    control: createLlrpControl(deps),
    log,
    problemOf: (command) => llrpProblemOf(command, deps.session.facts()),
  });
}

function createLlrpLine(
  { config, profile, onReads, pressure }: LlrpReaderDeps,
  tracker: StatusTracker,
  session: LlrpSession,
  { operations, hold }: { readonly operations: TagOperations; hold(isHeld: boolean): void },
) {
  const intake = createIntake(config.id, null, tracker, operations.reported);
  let isHushed = false;
  const decoder = createLlrpDecoder(profile, intake.context, true);
  let receivedAt = 0;
  let broken: Fault | null = null;
  let tolds: MessageTree[] = [];
  const framer = createLlrpFramer({
    message: (message) => {
      const told = decoder.decode(message, receivedAt, intake.sink);
      if (told !== null) tolds.push(told);
    },
    broken: (reason, bytes) => {
      intake.sink.bad(reason, bytes, 0);
      broken = framingFault(reason, bytes);
    },
  });
  const keep: OnReads = (reads, redelivered) => {
    if (!isHushed) return onReads(reads, redelivered);
    tracker.reject('DURING_COMMAND', reads.size);
    return null;
  };
  const handOn = createHandOn(intake, tracker, keep, hold, pressure);
  return {
    chunk: (bytes: Uint8Array, at: number) => {
      receivedAt = at;
      session.heard();
      framer.push(bytes);
      handOn();
      // Reads and events first: what the session says of them is the last word.
      const said = tolds;
      tolds = [];
      for (const told of said) session.told(told);
      if (broken === null) return;
      const fault = broken;
      broken = null;
      session.broken(fault);
    },
    /** Reads are counted, and go no further. */
    hush: (on: boolean) => {
      isHushed = on;
    },
    reset: () => {
      framer.reset();
      decoder.reset();
    },
    /** The connection is gone: a message that had begun is told. */
    end: () => {
      if (framer.pending() > 0) tracker.reject('INCOMPLETE', 1);
      framer.reset();
    },
  };
}

function addressOf({ link }: ReaderOptions): string {
  return link.tcp === undefined ? (link.replay?.file ?? '') : `${link.tcp.host}:${link.tcp.port}`;
}
