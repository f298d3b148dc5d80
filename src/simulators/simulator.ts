import type { Clock } from '../kit/index.ts';
import type { TagContent } from './tag-memory.ts';

/** A tag in the field of a simulated reader: upper-case hex of whole words (of whole bytes where it is a card), antenna port from 1, dBm. */
export type SimulatedTag = {
  readonly epc: string;
  readonly antenna: number;
  readonly rssi: number;
  /** What else is on it, where it is no plain tag. */
  readonly chip?: Omit<TagContent, 'epc'>;
};

/** Chances (0 to 1) per frame or message: bytes of garbage before it, a byte lost from it, a wrong check value. */
export type Noise = { readonly garbage?: number; readonly drop?: number; readonly checksum?: number };

/** For `forMs` at a time, beginning every `everyMs`. */
export type Spell = { readonly everyMs: number; readonly forMs: number };

/** What a simulated reader does wrong from time to time, besides the noise of its line. */
export type Faults = {
  /** It neither reports nor answers. */
  readonly hang?: Spell;
  /** Its network is gone; what it kept meanwhile comes late. */
  readonly outage?: Spell;
  /** Its answers to commands come so much later. */
  readonly answerAfterMs?: number;
  /** It begins anew so often: it forgets what it has heard. */
  readonly restartEveryMs?: number;
  /** Its clock is so far ahead of ours; below 0 it is behind. */
  readonly clockSkewMs?: number;
};

/** What a simulated reader does on its own. `rate` is reports per second over all tags. */
export type Behaviour = {
  readonly tags: readonly SimulatedTag[];
  readonly rate: number;
  readonly noise?: Noise;
  readonly faults?: Faults;
  readonly clock: Clock;
  /** Gives [0, 1). */
  readonly random: () => number;
};

/** A reader that does not exist but speaks as one. */
export type Simulator = {
  /** Where it can be reached: device path, host:port or topic. */
  readonly address: string;
  /** Puts other tags into the field, at once. */
  setTags(tags: readonly SimulatedTag[]): void;
  setNoise(noise: Noise): void;
  /** A silent reader neither reports nor answers, as if hung. */
  setSilent(silent: boolean): void;
  /** As after a power cut: what the reader was told is forgotten. Missing where a reader is told nothing. */
  restart?(): void;
  /** The network of a reader that publishes is gone, or back: what it kept meanwhile comes late. */
  away?(away: boolean): void;
  /** Makes a byte reader say something unasked: the body of a frame. */
  say?(body: Uint8Array): void;
  /** Reports sent and commands understood since start. */
  counts(): { readonly reports: number; readonly commands: number };
  stop(): Promise<void>;
};

/** Hands out the tags in turn, each with a little change in its RSSI. */
export function createField<Tag extends SimulatedTag>(first: readonly Tag[], random: () => number) {
  let tags = first;
  let next = 0;
  return {
    set: (others: readonly Tag[]) => {
      tags = others;
    },
    /** null while the field is empty. */
    read: (): Tag | null => {
      next = (next + 1) % Math.max(1, tags.length);
      const tag = tags[next];
      return tag === undefined ? null : { ...tag, rssi: tag.rssi + Math.round((random() - 0.5) * 4) };
    },
  };
}

const TICK_MS = 20;

/** Calls `run` `rate` times per second, in ticks of 20 ms. */
export function everyAtRate(clock: Clock, rate: number, run: () => void) {
  let due = 0;
  return clock.every(TICK_MS, () => {
    due += (rate * TICK_MS) / 1000;
    for (; due >= 1; due -= 1) run();
  });
}
