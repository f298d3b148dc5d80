const NEWEST = 31;

/** The reader's clock minus ours, ms, over the newest seconds in which it read; `spreadMs` is how far they differ. */
export type ClockOffset = { readonly offsetMs: number; readonly spreadMs: number; readonly seconds: number };

/**
 * Follows a reader's clock. The median of the newest reads, so that one late report does not show; and one read of each
 * of the newest seconds, because a reader that delivers what it had buffered is late by ever less, and a wrong clock by
 * always the same.
 */
export function createClockOffset() {
  const newest: number[] = [];
  const perSecond: number[] = [];
  const next = { newest: 0, perSecond: 0, second: 0 };
  return {
    /** `ms` ahead of us in a read that came at `receivedAt`. */
    add: (ms: number, receivedAt: number): void => {
      newest[next.newest] = ms;
      next.newest = (next.newest + 1) % NEWEST;
      const second = Math.floor(receivedAt / 1000);
      if (second === next.second) return;
      next.second = second;
      perSecond[next.perSecond] = ms;
      next.perSecond = (next.perSecond + 1) % NEWEST;
    },
    /** null where no read carried a time. */
    median: (): number | null => medianOf(newest),
    /** null before the first second. */
    overSeconds: (): ClockOffset | null => {
      const offsetMs = medianOf(perSecond);
      if (offsetMs === null) return null;
      return { offsetMs, spreadMs: Math.max(...perSecond) - Math.min(...perSecond), seconds: perSecond.length };
    },
  };
}

function medianOf(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
