import type { Clock } from '../kit/index.ts';

/** What was kept comes this often when the network is back (Zebra's default; Impinj sends as fast as it goes). */
const REPLAY_PER_SECOND = 500;
const TICK_MS = 20;

/** Passes messages on, or keeps the newest `capacity` of them while the network is away. */
export type Backlog = {
  take(message: Uint8Array): void;
  isAway(): boolean;
  /** How many were given up since the start. */
  lost(): number;
  /** Leaves or comes back; tells what was given up meanwhile, and what is still to come. */
  away(away: boolean): { readonly lost: number; readonly kept: number };
  stop(): void;
};

export function createBacklog(capacity: number, clock: Clock, send: (message: Uint8Array) => void): Backlog {
  let kept: Uint8Array[] = [];
  let isAway = false;
  let lost = 0;
  let lostBefore = 0;
  const replay = clock.every(TICK_MS, () => {
    if (isAway || kept.length === 0) return;
    for (const message of kept.splice(0, (REPLAY_PER_SECOND * TICK_MS) / 1000)) send(message);
  });
  return {
    take: (message) => {
      if (!isAway) return send(message);
      kept.push(message);
      if (kept.length <= capacity) return;
      kept.shift();
      lost += 1;
    },
    isAway: () => isAway,
    lost: () => lost,
    away: (away) => {
      isAway = away;
      const told = { lost: lost - lostBefore, kept: kept.length };
      if (!away) lostBefore = lost;
      return told;
    },
    stop: () => {
      replay.cancel();
      kept = [];
    },
  };
}
