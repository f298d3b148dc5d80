/** A message from this length on is looked after by itself: there is room for few of them. */
export const LARGE = 64 * 1024;

/**
 * Room that several share. A place is taken until it is freed, once for each owner; none is given beyond `limit`. Where it is
 * full, the newest place of the address that has most of it is taken away again, and `evicted` hears of it: so no address can
 * keep the others out by announcing much and sending nothing.
 */
export function createSharedSpace<Owner>(limit: number, evicted: (owner: Owner) => void) {
  const taken = new Map<Owner, { readonly size: number; readonly from: string }>();
  let total = 0;
  const free = (owner: Owner): void => {
    total -= taken.get(owner)?.size ?? 0;
    taken.delete(owner);
  };
  const greediest = (size: number, from: string): string => {
    const sums = new Map([[from, size]]);
    for (const place of taken.values()) sums.set(place.from, (sums.get(place.from) ?? 0) + place.size);
    return [...sums].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
  };
  const makeRoom = (size: number, from: string): boolean => {
    while (total + size > limit) {
      const greedy = greediest(size, from);
      const newest = [...taken].findLast(([, place]) => place.from === greedy)?.[0];
      if (greedy === from || newest === undefined) return false;
      free(newest);
      evicted(newest);
    }
    return true;
  };
  return {
    /** False where there is no room now. */
    take: (owner: Owner, size: number, from: string): boolean => {
      free(owner);
      if (!makeRoom(size, from)) return false;
      taken.set(owner, { size, from });
      total += size;
      return true;
    },
    free,
  };
}
