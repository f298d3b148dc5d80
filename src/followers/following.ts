import type { Fact } from '../journal/index.ts';
import { type Clock, crash, GatewayError, type Log, type Timer } from '../kit/index.ts';
import type { FactLog, OpenFollower } from './open-follower.ts';

export type FollowingOptions = {
  readonly name: string;
  readonly facts: FactLog;
  /** Sequence number of the last fact that the follower is done with; null: it wants nothing now. Asked before each page. */
  place(): number | null;
  /**
   * Takes the next facts, in order, one at least. When it resolves, all of them are done for good and `place` says so. What it throws as
   * a GatewayError (a full disk) lets the follower rest; then the same facts come again.
   */
  take(facts: readonly Fact[]): Promise<void> | void;
  readonly clock: Clock;
  readonly log: Log;
  /** How long facts are gathered before they are taken, ms; absent: until the next turn. */
  readonly gatherMs?: number;
};

/** Facts are read by pages of this many, one in a turn. */
const pageSize = 200;
/** Rest after the store failed, ms. */
const restMs = 5_000;

type Self = FollowingOptions & {
  paused: boolean;
  closed: boolean;
  /** The log grew while a page was in hand. */
  woken: boolean;
  waiting: { cancel(): void } | null;
  working: Promise<void> | null;
};

/** Hands the facts behind a place to `take`, page by page, each in a turn of its own, and begins again where the log grows. */
export function createFollowing(options: FollowingOptions): OpenFollower {
  const self: Self = { ...options, paused: false, closed: false, woken: true, waiting: null, working: null };
  schedule(self, self.gatherMs);
  return {
    wake: () => {
      self.woken = true;
      schedule(self, self.gatherMs);
    },
    pause: () => {
      self.paused = true;
    },
    resume: () => {
      self.paused = false;
      schedule(self);
    },
    close: async () => {
      self.closed = true;
      self.waiting?.cancel();
      await self.working;
    },
    status: () => {
      const last = self.facts.lastSeq();
      const cursor = self.place() ?? last;
      return [{ name: self.name, cursor, lag: Math.max(0, last - cursor), paused: self.paused }];
    },
  };
}

function schedule(self: Self, ms = 0): void {
  if (self.waiting !== null || self.working !== null || self.paused || self.closed) return;
  const begin = () => {
    self.waiting = null;
    if (self.paused || self.closed) return;
    self.working = step(self).catch(crash);
  };
  self.waiting = ms === 0 ? nextTurn(begin) : self.clock.after(ms, begin);
}

function nextTurn(run: () => void): Timer {
  const immediate = setImmediate(run);
  return { cancel: () => clearImmediate(immediate) };
}

/** One page. */
async function step(self: Self): Promise<void> {
  self.woken = false;
  let rest = 0;
  try {
    if (await takePage(self)) self.woken = true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    self.log.warn({ follower: self.name, code: error.code, reason: error.message }, 'a follower rests');
    self.woken = true;
    rest = restMs;
  } finally {
    self.working = null;
  }
  if (self.woken) schedule(self, rest);
}

/** Whether there may be more. */
async function takePage({ facts, place, take }: Self): Promise<boolean> {
  const from = place();
  if (from === null) return false;
  const page = facts.facts(from, pageSize);
  if (page.length === 0) return false;
  await take(page);
  return page.length === pageSize;
}
