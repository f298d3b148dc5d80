import { type Clock, GatewayError, type Log, type Timer } from '../../kit/index.ts';
import type { ByteLink, ByteLinkEvents } from '../../links/index.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import { regionOf } from '../reader-rules.ts';
import { createStatusTracker } from '../status-tracker.ts';
import type { OnReads, Reader } from '../types.ts';
import { createConversation } from './conversation.ts';
import { compileFrameDecoder } from './decode.ts';
import { createFramer } from './framer.ts';
import { compileFraming } from './framing.ts';
import { createSession } from './session.ts';

/** Makes the byte channel of a reader, not yet open. */
export type OpenBytes = (events: ByteLinkEvents) => ByteLink;

export type ByteReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: ByteProfile;
  readonly openBytes: OpenBytes;
  readonly clock: Clock;
  readonly log: Log;
  readonly onReads: OnReads;
};

/** TCP may hold back part of a frame far longer than a serial line does. */
const TCP_IDLE_FACTOR = 10;

/**
 * A reader that speaks bytes:  chunk ─▶ framer ─▶ decoder ─▶ reads
 *                                                    └─ answers ─▶ session ─▶ commands
 */
export function openByteReader({ config, profile, openBytes, clock, log, onReads }: ByteReaderDeps): Reader {
  const tracker = createStatusTracker(config, clock);
  const framings = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  const talking = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  const [firstFraming] = talking;
  if (firstFraming === undefined) throw new Error('a byte profile has at least one framing');
  const talk = createConversation(profile, firstFraming, clock, (bytes) => link.write(bytes));
  // The port of a reader that has only one needs no telling.
  const antenna = profile.antennas === 1 ? 1 : null;
  const intake = createIntake(config.id, antenna, tracker, talk.answered);
  const decode = compileFrameDecoder(profile, intake.context);
  const session = createSession({
    profile,
    framings: talking,
    region: regionOf(profile, config.region)?.code ?? null,
    power: config.power ?? null,
    talk,
    clock,
    log,
    tracker,
    reopen: () => void reopen(),
  });
  let receivedAt = 0;
  const framer = createFramer(framings, {
    frame: (frame, framing) => {
      session.heard(talking[framings.indexOf(framing)] ?? firstFraming);
      decode(frame, framing, receivedAt, intake.sink);
    },
    discarded: (bytes, reason) => intake.sink.bad(reason, bytes, 0),
  });
  const handOn = () => {
    const { reads, settle } = intake.take();
    try {
      if (reads.length > 0) onReads(reads, false);
      settle(true);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      // A byte line cannot be asked to send again: the loss is told.
      tracker.reject('STORE_FAILED', reads.length);
      settle(false);
    }
  };
  const idle = watchIdle(clock, profile.port.idleMs * (config.link.tcp === undefined ? 1 : TCP_IDLE_FACTOR), () => {
    framer.idle();
    handOn();
    return framer.pending();
  });
  const events: ByteLinkEvents = {
    opened: () => {
      if (config.link.replay === undefined) session.opened();
    },
    chunk: (bytes, at) => {
      receivedAt = at;
      framer.push(bytes);
      handOn();
      if (framer.pending()) idle.heard();
    },
    lost: (error) => {
      log.info({ reason: error }, 'reader channel lost');
      session.lost();
      framer.end();
      handOn();
    },
  };
  let link = openBytes(events);
  let stopped = false;
  const reopen = async () => {
    await link.close();
    if (stopped) return;
    link = openBytes(events);
    link.open();
  };
  return {
    id: config.id,
    start: () => link.open(),
    stop: async () => {
      stopped = true;
      await session.stop();
      idle.cancel();
      await link.close();
    },
    status: () => tracker.status({ ...link.state(), address: addressOf(config) }),
    count: (reason, by = 1) => tracker.reject(reason, by),
  };
}

function addressOf({ link }: ReaderOptions): string {
  if (link.serial !== undefined) return link.serial.path;
  if (link.tcp !== undefined) return `${link.tcp.host}:${link.tcp.port}`;
  return link.replay?.file ?? '';
}

/** Runs `run` once nothing was heard for `ms`; again after another `ms` as long as it returns true. One timer at a time. */
function watchIdle(clock: Clock, ms: number, run: () => boolean): { heard(): void; cancel(): void } {
  let heardAt = 0;
  let timer: Timer | null = null;
  const arm = (after: number) => {
    timer = clock.after(after, () => {
      timer = null;
      const left = heardAt + ms - clock.now();
      if (left > 0) arm(left);
      else if (run()) arm(ms);
    });
  };
  return {
    heard: () => {
      heardAt = clock.now();
      if (timer === null) arm(ms);
    },
    cancel: () => timer?.cancel(),
  };
}
