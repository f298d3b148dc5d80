/** Working minutes (minutes in which the reader read anything) after which half of what was known is forgotten. */
const HALF_LIFE_MINUTES = 480;
const WARM_MINUTES = 30;
const RECENT_MINUTES = 10;
const ALPHA = 1 - 2 ** (-1 / HALF_LIFE_MINUTES);

/** What survives a restart: the weighted sum, its weight, and how many minutes were learned from. */
export type AntennaMemory = [sum: number, weight: number, minutes: number];

/** What one antenna reads when its reader reads at all, and what it read lately. */
export type Baseline = {
  /** So many reads more in the minute that runs. */
  add(reads: number): void;
  /** A working minute is over. */
  endMinute(): void;
  /** Mean reads per working minute; null before 30 of them. */
  perMinute(): number | null;
  /** The newest ten working minutes, fewer at first. */
  recent(): { readonly minutes: number; readonly reads: number };
  memory(): AntennaMemory;
};

/**
 * An exponentially weighted mean over working minutes: an antenna is measured against what it does while its reader is
 * at work, so that nights, closed days and lorries that come when they like need no calendar. Constant work per read.
 */
export function createBaseline(remembered: AntennaMemory = [0, 0, 0]): Baseline {
  let [sum, weight, minutes] = remembered;
  let running = 0;
  const recent = new Float64Array(RECENT_MINUTES);
  let ended = 0;
  return {
    add: (reads) => {
      running += reads;
    },
    endMinute: () => {
      sum += ALPHA * (running - sum);
      weight += ALPHA * (1 - weight);
      minutes += 1;
      recent[ended % RECENT_MINUTES] = running;
      ended += 1;
      running = 0;
    },
    perMinute: () => (minutes < WARM_MINUTES ? null : sum / weight),
    recent: () => ({ minutes: Math.min(ended, RECENT_MINUTES), reads: recent.reduce((all, reads) => all + reads, 0) }),
    memory: () => [sum, weight, minutes],
  };
}
