import type { Item, ItemMemory } from '../inventory/index.ts';
import type { SeenRow } from '../presence/index.ts';

/**
 * Items as they are believed to be: what is on disk in columns, and in front of it what was decided and is not on disk yet. So
 * a decision sees the ones before it, and what cannot be written goes by letting go of the front.
 */
export type ItemBeliefs = {
  /** Throws what the look-up throws, where memory cannot tell. */
  lookUp(id: string): Item | null;
  /** A turn decided that the item is now this. */
  decided(item: Item, turn: number): void;
  /** A turn writes that the item was seen at `at`, epoch ms. */
  sighted(id: string, at: number, turn: number): void;
  /**
   * All turns up to this one are on disk: these items and last sights of it belong to what is settled. Of many items some
   * move into the columns later, by `move`.
   */
  settled(turn: number, ids: Iterable<string>, seen: Iterable<Pick<SeenRow, 'id' | 'lastSeenAt'>>): void;
  /**
   * What a turn up to this one (absent: up to the last that is on disk) made of these items is not what is on disk: they are
   * read anew when they are asked for. What a later turn decided stands.
   */
  doubt(ids: Iterable<string>, turn?: number): void;
  /** The turn that decided last on an item and is not on disk; 0 = none. */
  turnOf(id: string): number;
  /** Moves on with settled items, a slice of them. */
  move(): void;
  /** Takes items as they are on disk; what is known already is newer. */
  load(items: readonly Item[]): void;
  /** Everything on disk was loaded: what memory does not hold does not exist. */
  loaded(): void;
};

type Decided<T> = { readonly turn: number; readonly value: T };

/** So many items move into the columns in one turn: about 2 ms. */
const sliceSize = 500;

/** `read` looks at the disk; it is asked only for what memory cannot tell. */
export function createItemBeliefs(memory: ItemMemory, read: (id: string) => Item | null): ItemBeliefs {
  const recent = new Map<string, Decided<Item>>();
  const sights = new Map<string, Decided<number>>();
  const disk = createReading(memory, read);
  let onDisk = 0;
  /** Settled items that still stand in front of the columns. */
  let waiting: string[] = [];

  const settle = (id: string) => {
    const decided = recent.get(id);
    // Where a newer one waits, this one is older than what will be on disk when that is.
    if (decided === undefined || decided.turn > onDisk) return;
    memory.put(decided.value);
    disk.trust(id);
    recent.delete(id);
  };
  const move = () => {
    for (const id of waiting.slice(0, sliceSize)) settle(id);
    waiting = waiting.length > sliceSize ? waiting.slice(sliceSize) : [];
  };
  const doubt = (id: string, turn: number) => {
    if ((recent.get(id)?.turn ?? 0) > turn) return;
    recent.delete(id);
    sights.delete(id);
    disk.distrust(id);
  };
  return {
    lookUp: (id) => withSight(recent.get(id)?.value ?? memory.lookUp(id) ?? disk.lookUp(id), sights.get(id)),
    decided: (item, turn) => void recent.set(item.id, { turn, value: item }),
    sighted: (id, at, turn) => void sights.set(id, { turn, value: Math.max(at, sights.get(id)?.value ?? at) }),
    settled: (turn, ids, seen) => {
      onDisk = turn;
      for (const id of ids) waiting.push(id);
      move();
      for (const { id, lastSeenAt } of seen) {
        settle(id);
        memory.touch(id, lastSeenAt);
        if ((sights.get(id)?.turn ?? 0) <= turn) sights.delete(id);
      }
    },
    doubt: (ids, turn = onDisk) => {
      for (const id of ids) doubt(id, turn);
    },
    turnOf: (id) => {
      const turn = recent.get(id)?.turn ?? 0;
      return turn > onDisk ? turn : 0;
    },
    move,
    load: (items) => {
      for (const item of items) if (!memory.has(item.id)) memory.put(item);
    },
    loaded: disk.loaded,
  };
}

/** Items that memory does not hold: whether they exist is read from disk, unless all of it was loaded. */
function createReading(memory: ItemMemory, read: (id: string) => Item | null) {
  const doubtful = new Set<string>();
  let isWhole = false;
  return {
    lookUp: (id: string): Item | null => {
      if (isWhole && !doubtful.has(id)) return null;
      const item = read(id);
      if (item !== null) memory.put(item);
      doubtful.delete(id);
      return item;
    },
    distrust: (id: string) => {
      memory.forget(id);
      doubtful.add(id);
    },
    trust: (id: string) => void doubtful.delete(id),
    loaded: () => {
      isWhole = true;
    },
  };
}

/** Last sights are written on their own, as the database writes them: the later one stays. */
function withSight(item: Item | null, sight: Decided<number> | undefined): Item | null {
  if (item === null || sight === undefined || (item.lastSeenAt ?? 0) >= sight.value) return item;
  return { ...item, lastSeenAt: sight.value };
}
