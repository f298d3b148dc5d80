/** Minutes of one hour of day after which half of what was known is forgotten: seven days. */
const HALF_LIFE_MINUTES = 420;
const WARM_MINUTES = 120;
const ALPHA = 1 - 2 ** (-1 / HALF_LIFE_MINUTES);
const HOURS = 24;

/** Per hour of day (UTC): the weighted share of minutes with reads, its weight, and how many minutes were learned from. */
export type HoursMemory = [sum: number, weight: number, minutes: number][];

/** At which hours of the day a reader usually reads, so that a quiet night is no fault. */
export type Hours = {
  /** A minute is over in which the reader was ready to read. */
  endMinute(startedAt: number, hasRead: boolean): void;
  /** Share of minutes with reads at that hour of day, 0 to 1; null before two such hours. */
  usual(now: number): number | null;
  memory(): HoursMemory;
};

/** Hours are of UTC: which clock counts them makes no difference to what repeats every day. */
export function createHours(remembered: HoursMemory = []): Hours {
  const slots = Array.from({ length: HOURS }, (_, hour) => {
    const [sum, weight, minutes] = remembered[hour] ?? [0, 0, 0];
    return { sum, weight, minutes };
  });
  const slotAt = (time: number) => slots[Math.floor(time / 3_600_000) % HOURS];
  return {
    endMinute: (startedAt, hasRead) => {
      const slot = slotAt(startedAt);
      if (slot === undefined) return;
      slot.sum += ALPHA * (Number(hasRead) - slot.sum);
      slot.weight += ALPHA * (1 - slot.weight);
      slot.minutes += 1;
    },
    usual: (now) => {
      const slot = slotAt(now);
      return slot === undefined || slot.minutes < WARM_MINUTES ? null : slot.sum / slot.weight;
    },
    memory: () => slots.map(({ sum, weight, minutes }) => [sum, weight, minutes]),
  };
}
