/** What a connection does, from what may be given up first to what may not: see `stages`. */
export type Stage = keyof typeof stages;

/** The order in which connections go where there is no room: the lowest first, of equals the one that has been so for longest. */
export const stages = {
  /** Nobody has signed in on it and no request is whole: a handshake, headers on their way, silence. */
  waiting: 0,
  /** A request of somebody who has not signed in is being taken or answered. */
  asking: 1,
  /** Silence after a request of somebody who had signed in. */
  resting: 2,
  /** A request of somebody who has signed in: a live feed, an upload, an answer. It is never given up for a new connection. */
  serving: 3,
} as const;

export type RoomLimits = {
  /** Connections at the same time. */
  readonly connections: number;
  /** Connections at the same time of one address on which nobody has signed in. */
  readonly strangersPerAddress: number;
  /** For so long a connection is not given up for a new one of its own address, ms: the new one is refused. */
  readonly graceMs: number;
};

export type Admission<Owner> = { readonly admitted: boolean; readonly evicted: Owner | null };

type Place = { readonly from: string; readonly stage: Stage; readonly since: number };
type Taken<Owner> = readonly [Owner, Place];

/** Connections of the machine itself: the own commands, or a proxy in front. They always get in. */
const ownAddresses: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

/**
 * Who may be connected. Beyond either limit a connection of the address that has most strangers is given up for the new
 * one: so no address can keep the others out, and all phones of a shop may share one. `now` is ms of a clock that is
 * never set.
 */
export function createConnectionRoom<Owner>(limits: RoomLimits, now: () => number) {
  const places = new Map<Owner, Place>();
  const strangers = new Map<string, number>();
  const count = ({ from, stage }: Place, by: number) => {
    if (!isStranger(stage)) return;
    const left = (strangers.get(from) ?? 0) + by;
    if (left > 0) strangers.set(from, left);
    else strangers.delete(from);
  };
  const leave = (owner: Owner) => {
    const place = places.get(owner);
    if (place === undefined) return;
    places.delete(owner);
    count(place, -1);
  };
  const enter = (owner: Owner, from: string, stage: Stage) => {
    leave(owner);
    const place = { from, stage, since: now() };
    places.set(owner, place);
    count(place, 1);
  };
  /** The address that must give up a connection for a new one of `from`; null = there is room for it. */
  const greediest = (from: string): string | null => {
    // A proxy in front, or the tools of this machine, may come with many at once.
    if (!ownAddresses.has(from) && (strangers.get(from) ?? 0) >= limits.strangersPerAddress) return from;
    if (places.size < limits.connections) return null;
    return most(strangers) ?? most(resting(places)) ?? from;
  };
  /** What has to go, if it has been there for long enough; undefined = nothing. */
  const victimOf = (greedy: string, from: string): Owner | undefined => {
    const first = firstToGo(places, greedy);
    const hasGrace = greedy === from && !ownAddresses.has(from);
    return first !== undefined && hasGrace && now() - first[1].since < limits.graceMs ? undefined : first?.[0];
  };
  return {
    /** Takes a new connection from an address in, or not; the evicted one has no place any more. */
    admit: (owner: Owner, from: string): Admission<Owner> => {
      const greedy = greediest(from);
      const evicted = greedy === null ? undefined : victimOf(greedy, from);
      if (greedy !== null && evicted === undefined && !ownAddresses.has(from))
        return { admitted: false, evicted: null };
      if (evicted !== undefined) leave(evicted);
      enter(owner, from, 'waiting');
      return { admitted: true, evicted: evicted ?? null };
    },
    /** Says what a connection does now; nothing of one that has no place. */
    turn: (owner: Owner, stage: Stage): void => {
      const place = places.get(owner);
      if (place !== undefined && place.stage !== stage) enter(owner, place.from, stage);
    },
    leave,
    size: () => places.size,
  };
}

function isStranger(stage: Stage): boolean {
  return stages[stage] < stages.resting;
}

/** How many connections of each address rest. */
function resting(places: ReadonlyMap<unknown, Place>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { from, stage } of places.values()) if (stage === 'resting') counts.set(from, (counts.get(from) ?? 0) + 1);
  return counts;
}

function most(counts: ReadonlyMap<string, number>): string | null {
  const first: readonly [string | null, number] = [null, 0];
  return [...counts].reduce<readonly [string | null, number]>((top, next) => (next[1] > top[1] ? next : top), first)[0];
}

/** Of an address the connection that is given up first: places stand in the order in which they came to their stage. */
function firstToGo<Owner>(places: ReadonlyMap<Owner, Place>, from: string): Taken<Owner> | undefined {
  let first: Taken<Owner> | undefined;
  for (const [owner, place] of places) {
    if (place.from !== from || place.stage === 'serving') continue;
    if (place.stage === 'waiting') return [owner, place];
    if (first === undefined || stages[place.stage] < stages[first[1].stage]) first = [owner, place];
  }
  return first;
}
