import { type Backoff, backoffMs } from './backoff.ts';
import type { Clock, Timer } from './clock.ts';

/** How long something that came up has to hold before it counts as good work. */
export const GOOD_WORK_MS = 60_000;

/** The pauses of something that breaks and is brought up again. */
export type Pauses = {
  /** It is up: a minute from now without a break is good work. */
  up(): void;
  /** It broke, or could not be brought up: how long to wait now, ms. */
  broke(): number;
  /** How often it broke before it had done good work, since it last did. */
  earlyBreaks(): number;
  /** Ended on purpose: nothing is remembered. */
  end(): void;
};

/**
 * The one rule of reconnecting: each pause is longer than the one before, whether it could not be brought up or broke
 * while it ran, and only a minute of good work makes them short again. `proved` is called at the end of that minute.
 */
export function createPauses(
  waits: Backoff,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
  proved: () => void = () => undefined,
): Pauses {
  let breaks = 0;
  let early = 0;
  let proving: Timer | null = null;
  const stopProving = () => {
    proving?.cancel();
    proving = null;
  };
  const forget = () => {
    stopProving();
    breaks = 0;
    early = 0;
  };
  return {
    up: () => {
      stopProving();
      proving = clock.after(GOOD_WORK_MS, () => {
        forget();
        proved();
      });
    },
    broke: () => {
      // Proving goes on only while it is up.
      if (proving !== null) early += 1;
      stopProving();
      breaks += 1;
      return backoffMs(waits, breaks, random);
    },
    earlyBreaks: () => early,
    end: forget,
  };
}
