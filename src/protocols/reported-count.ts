/**
 * How many reads a report stands for, and whether it stands for a whole round. `said` is the count that it names, null where
 * it names none: one that says "one" stands for no more, in whatever mode its reader is.
 */
export function reportedCount(
  said: number | null,
  isRound: boolean,
): { readonly count: number; readonly round: boolean } {
  const count = Math.max(1, Math.round(said ?? 1));
  return { count, round: isRound && (said === null || count > 1) };
}
