const SECONDS = 10;

/** Events per second over the last ten seconds; constant time and space per event. */
export type RateWindow = { add(now: number, by?: number): void; rate(now: number): number };

/** Times are epoch ms; a clock that steps back starts the window again. */
export function createRateWindow(): RateWindow {
  const buckets = new Float64Array(SECONDS);
  let second = 0;
  const turnTo = (now: number) => {
    const current = Math.floor(now / 1000);
    const passed = current - second;
    if (passed < 0 || passed >= SECONDS) buckets.fill(0);
    else for (let i = 1; i <= passed; i++) buckets[(second + i) % SECONDS] = 0;
    second = current;
  };
  return {
    add: (now, by = 1) => {
      turnTo(now);
      const index = second % SECONDS;
      buckets[index] = (buckets[index] ?? 0) + by;
    },
    rate: (now) => {
      turnTo(now);
      return buckets.reduce((sum, count) => sum + count, 0) / SECONDS;
    },
  };
}
