import type { Clock, Log } from '../../kit/index.ts';
import type { LineProfile, ReaderAnswer } from '../../protocols/index.ts';
import { attempt } from '../bytes/attempt.ts';
import { ONLY_SENDS } from '../bytes/deaf.ts';
import type { StatusTracker } from '../status-tracker.ts';
import type { OnReads } from '../types.ts';

/** Finds out that a reader of lines sends tags and answers nothing of what it is asked. */
export type LineDeafness = {
  opened(): void;
  /** These bytes are sent to it; gives them back. */
  said(bytes: Uint8Array): Uint8Array;
  answered(answer: ReaderAnswer): void;
  /** Takes note of the reads that go to `onReads`. */
  hears(onReads: OnReads): OnReads;
};

/** Questions whose echo is known; there are only as many as a profile has, in a few settings. */
const MOST_SAID = 64;
const AGAIN_MS = 60_000;

type Deps = {
  readonly profile: LineProfile;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracker: StatusTracker;
  /** Asks the reader this, which changes nothing. */
  ask(identify: string): Promise<void>;
};

export function createLineDeafness({ profile, clock, log, tracker, ask }: Deps): LineDeafness {
  const { grammar, others, session } = profile;
  const isGrouped = grammar === 'tslAscii2';
  const asks = session.poll !== undefined && (isGrouped || others.some(({ kind }) => kind === 'answer'));
  const said = new Set<string>();
  const fresh = () => ({ openedAt: clock.now(), askedAt: clock.now(), hasAnswered: false, onlySends: false });
  const state = fresh();
  const reads = () => {
    if (!asks || state.hasAnswered || clock.now() - state.openedAt < session.silenceMs) return;
    const { identify } = session;
    if (identify !== undefined && clock.now() - state.askedAt >= AGAIN_MS) {
      state.askedAt = clock.now();
      // What it answers is taken in after these reads.
      void Promise.resolve().then(() => attempt(() => ask(identify)));
    }
    if (state.onlySends) return;
    state.onlySends = true;
    log.warn({}, 'reader only sends');
    tracker.onlySends(ONLY_SENDS);
  };
  return {
    opened: () => void Object.assign(state, fresh()),
    said: (bytes) => {
      if (isGrouped && said.size < MOST_SAID) said.add(Buffer.from(bytes).toString('latin1').trim());
      return bytes;
    },
    answered: ({ command }) => {
      // A pulled trigger makes groups of its own: only the echo of what was asked is an answer.
      if (isGrouped && !said.has(command)) return;
      state.hasAnswered = true;
      if (!state.onlySends) return;
      state.onlySends = false;
      log.info({}, 'reader answers again');
      tracker.started('inventory started');
    },
    hears: (onReads) => (batch, redelivered) => {
      reads();
      return onReads(batch, redelivered);
    },
  };
}
