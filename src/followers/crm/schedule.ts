const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits of a destination that cannot be reached or fails altogether; the last one repeats for as long as it takes. */
export const downtimeSteps = [
  1 * second,
  2 * second,
  5 * second,
  10 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
];

/** Waits of a destination that refuses us (401, 403, a redirect): a human must act, so it is asked less often. */
export const pausedSteps = [30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour];

/**
 * Waits of an event that fails while the destination takes others: 75 hours in all, the span that Standard Webhooks
 * recommends. An event that fails once more after the last step goes to the dead letters.
 */
export const eventSteps = [
  2 * second,
  10 * second,
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** The longest `Retry-After` that is believed, ms. */
export const longestWaitMs = 7 * 24 * hour;

/** Wait number `n` (1 = first) of a schedule in ms, moved by up to a tenth so that many gateways do not return in step. */
export function stepMs(steps: readonly number[], n: number, random: () => number): number {
  const step = steps[Math.min(Math.max(n, 1), steps.length) - 1] ?? 0;
  return Math.round(step * (0.9 + 0.2 * random()));
}
