import type { Clock, Timer } from './clock.ts';
import { GOOD_WORK_MS } from './pauses.ts';

/** Different troubles that are news of one outage; the newest is always in the state. */
const MOST_TOLD = 8;

/** What of a trouble that comes again and again is worth a line in the log: each kind once, until all has been well for a minute. */
export type Troubles = {
  isNews(text: string): boolean;
  /** All is well from now on; after a minute of that everything is news again. */
  well(): void;
  /** Everything is news again. */
  forget(): void;
};

export function createTroubles(clock: Clock): Troubles {
  const told = new Set<string>();
  let proving: Timer | null = null;
  const stopProving = () => {
    proving?.cancel();
    proving = null;
  };
  const forget = () => {
    stopProving();
    told.clear();
  };
  return {
    isNews: (text) => {
      stopProving();
      if (told.has(text) || told.size >= MOST_TOLD) return false;
      told.add(text);
      return true;
    },
    well: () => {
      if (told.size > 0) proving ??= clock.after(GOOD_WORK_MS, forget);
    },
    forget,
  };
}
