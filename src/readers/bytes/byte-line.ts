import type { Clock, Timer } from '../../kit/index.ts';
import {
  type ByteProfile,
  compileFrameDecoder,
  compileFraming,
  createFramer,
  type ReaderAnswer,
} from '../../protocols/index.ts';
import { createHandOn } from '../hand-on.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { StatusTracker } from '../status-tracker.ts';
import type { OnReads, Pressure } from '../types.ts';

/** What reading the bytes of a reader needs. */
export type ByteLineDeps = {
  readonly config: ReaderOptions;
  readonly profile: ByteProfile;
  readonly clock: Clock;
  readonly onReads: OnReads;
  readonly pressure?: Pressure;
};

/** From chunks to reads:  chunk ─▶ framer ─▶ decoder ─▶ onReads. */
export type ByteLine = {
  chunk(bytes: Uint8Array, at: number): void;
  /** The channel is gone: what is pending is settled. */
  end(): void;
};

/** TCP may hold back part of a frame far longer than a serial line does; and it loses none of it. */
const TCP_IDLE_FACTOR = 10;

type ByteLineCalls = {
  /** A whole frame in the profile's framing of that index; told after what it says was taken in. */
  heard(framing: number, frame: Uint8Array): void;
  answered(answer: ReaderAnswer): void;
  /** Asks the link to read nothing more, or to go on. */
  hold(isHeld: boolean): void;
  /** Whether the reader is to hear only some tags. */
  isFiltered(): boolean;
};

export function createByteLine(deps: ByteLineDeps, tracker: StatusTracker, calls: ByteLineCalls): ByteLine {
  const { config, profile, clock, onReads, pressure } = deps;
  // The port of a reader that has only one needs no telling.
  const antenna = profile.antennas === 1 ? 1 : null;
  const intake = createIntake(config.id, antenna, tracker, calls.answered);
  const decode = compileFrameDecoder(profile, intake.context, calls.isFiltered);
  const framings = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  let receivedAt = 0;
  const framer = createFramer(framings, {
    frame: (frame, framing) => {
      decode(frame, framing, receivedAt, intake.sink);
      calls.heard(framings.indexOf(framing), frame);
    },
    discarded: (bytes, reason) => intake.sink.bad(reason, bytes, 0),
  });
  const handOn = createHandOn(intake, tracker, onReads, calls.hold, pressure);
  const lossy = config.link.tcp === undefined;
  const idle = watchIdle(clock, profile.port.idleMs * (lossy ? 1 : TCP_IDLE_FACTOR), () => {
    framer.idle(lossy);
    handOn();
  });
  return {
    chunk: (bytes, at) => {
      receivedAt = at;
      framer.push(bytes);
      handOn();
      if (framer.pending()) idle.heard();
    },
    end: () => {
      idle.cancel();
      framer.end();
      handOn();
    },
  };
}

/** Runs `run` once nothing was heard for `ms`. One timer at a time. */
function watchIdle(clock: Clock, ms: number, run: () => void): { heard(): void; cancel(): void } {
  let heardAt = 0;
  let timer: Timer | null = null;
  const arm = (after: number) => {
    timer = clock.after(after, () => {
      timer = null;
      const left = heardAt + ms - clock.now();
      if (left > 0) arm(left);
      else run();
    });
  };
  return {
    heard: () => {
      heardAt = clock.now();
      if (timer === null) arm(ms);
    },
    cancel: () => {
      timer?.cancel();
      timer = null;
    },
  };
}
