import type { Clock, Log } from '../../kit/index.ts';
import type { ByteLink, ByteLinkEvents } from '../../links/index.ts';
import { noControl } from '../commands/access.ts';
import { createRunner } from '../commands/run.ts';
import { createHandOn } from '../hand-on.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { LlrpProfile } from '../profile/llrp-profile.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { OnReads, Reader } from '../types.ts';
import type { Wanted } from './capabilities.ts';
import { createLlrpDecoder } from './decode.ts';
import { createLlrpFramer } from './framer.ts';
import { createLlrpSession, type LlrpSession } from './session.ts';
import type { Told } from './tree.ts';

export type LlrpReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: LlrpProfile;
  /** Makes the byte channel, not yet open. */
  readonly openBytes: (events: ByteLinkEvents) => ByteLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly onReads: OnReads;
};

/**
 * A reader that speaks LLRP:  link ─▶ framer ─▶ decoder ─▶ reads
 *                               ▲                  └─ everything else ─▶ session
 *                               └──────────────── requests ────────────────┘
 */
export function openLlrpReader(deps: LlrpReaderDeps): Reader {
  const { config, profile, openBytes, clock, log } = deps;
  const tracker = createStatusTracker(config, clock);
  let stopped = false;
  const reopen = async () => {
    await link.close();
    if (stopped) return;
    link = openBytes(events);
    link.open();
  };
  const session = createLlrpSession({
    plan: { profile, wanted: wantedOf(config) },
    clock,
    log,
    tracker,
    write: (bytes) => link.write(bytes),
    reopen: () => void reopen(),
  });
  const line = createLlrpLine(deps, tracker, session);
  const isReplay = config.link.replay !== undefined;
  const events: ByteLinkEvents = {
    opened: () => {
      line.reset();
      if (!isReplay) session.opened();
    },
    chunk: line.chunk,
    lost: (error) => {
      log.info({ reason: error }, 'reader channel lost');
      line.end();
      session.lost();
    },
  };
  let link = openBytes(events);
  return {
    id: config.id,
    start: () => link.open(),
    stop: async () => {
      stopped = true;
      await session.stop();
      line.end();
      await link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    count: (reason, by = 1) => tracker.reject(reason, by),
    command: createRunner({ reader: config.id, control: noControl, log, problemOf: () => null }),
  };
}

function createLlrpLine({ config, profile, onReads }: LlrpReaderDeps, tracker: StatusTracker, session: LlrpSession) {
  const intake = createIntake(config.id, null, tracker, () => undefined);
  const decoder = createLlrpDecoder(profile, intake.context, true);
  let receivedAt = 0;
  let isBroken = false;
  let tolds: Told[] = [];
  const framer = createLlrpFramer({
    message: (message) => {
      const told = decoder.decode(message, receivedAt, intake.sink);
      if (told !== null) tolds.push(told);
    },
    broken: (reason, bytes) => {
      intake.sink.bad(reason, bytes, 0);
      isBroken = true;
    },
  });
  const handOn = createHandOn(intake, tracker, onReads);
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
      if (!isBroken) return;
      isBroken = false;
      session.broken();
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

function wantedOf({ antennas, power, region, session, takeOver }: ReaderOptions): Wanted {
  return {
    antennas: Object.keys(antennas).map(Number),
    power: power ?? null,
    region: region ?? null,
    session: session ?? null,
    takeOver: takeOver ?? false,
  };
}

function addressOf({ link }: ReaderOptions): string {
  return link.tcp === undefined ? (link.replay?.file ?? '') : `${link.tcp.host}:${link.tcp.port}`;
}
