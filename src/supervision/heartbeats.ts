const KEPT = 4;
const MISSED = 3;
const LEAST_MS = 15_000;
const LONGEST_MS = 3_600_000;

/**
 * Learns from a reader how often it says that it is alive. The longest of the newest intervals counts, by the reader's
 * own clock where it tells one: heartbeats that were held back and come at once must not make it seem hurried.
 */
export function createHeartbeats() {
  const intervals: number[] = [];
  let next = 0;
  let lastBeat: number | null = null;
  let heardAt: number | null = null;
  return {
    /** `at` is epoch ms by the reader's clock, null where it tells none. */
    beat: (at: number | null, now: number): void => {
      const time = at ?? now;
      const interval = lastBeat === null ? 0 : time - lastBeat;
      lastBeat = time;
      heardAt = now;
      if (interval <= 0 || interval > LONGEST_MS) return;
      intervals[next] = interval;
      next = (next + 1) % KEPT;
    },
    /** Anything came from the reader. */
    heard: (now: number): void => {
      heardAt = now;
    },
    /** Seconds of a silence of three heartbeats and more, not before two intervals are known; null while all is well. */
    silentFor: (now: number): number | null => {
      if (heardAt === null || intervals.length < 2) return null;
      const silence = now - heardAt;
      return silence > Math.max(LEAST_MS, MISSED * Math.max(...intervals)) ? Math.round(silence / 1000) : null;
    },
  };
}
