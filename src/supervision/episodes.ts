/** The times of the newest `size` things of a kind, to tell a habit from an accident. */
export function createEpisodes(size: number) {
  const times: number[] = [];
  return {
    add: (now: number): void => {
      times.push(now);
      if (times.length > size) times.shift();
    },
    /** Whether `size` of them happened within `ms` before `now`. */
    often: (now: number, ms: number): boolean => times.length === size && now - (times[0] ?? 0) <= ms,
  };
}
