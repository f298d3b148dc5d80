/** Counts by name. Names come from closed lists in the code, never from input, so the map stays small. */
export type Counters = {
  add(name: string, by?: number): void;
  get(name: string): number;
  all(): Record<string, number>;
};

/** Counters that all begin at nought. */
export function createCounters(): Counters {
  const counts = new Map<string, number>();
  return {
    add: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
    get: (name) => counts.get(name) ?? 0,
    all: () => Object.fromEntries(counts),
  };
}
