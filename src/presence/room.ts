import type { EndedStays } from './ended-stays.ts';
import type { Glimpses } from './glimpses.ts';
import type { Observation } from './observation.ts';
import type { RowSearch } from './row-search.ts';
import type { Settling } from './settling.ts';
import type { Slab } from './slab.ts';
import type { Sources } from './sources.ts';
import type { TagTable } from './tag-table.ts';
import type { TimeLine } from './time-line.ts';
import type { TimeWheel } from './time-wheel.ts';

/** Everything that presence remembers. A record of the slab that has a state is a stay: a tag at a read point. */
export type Room = {
  readonly slab: Slab;
  readonly glimpses: Glimpses;
  readonly tags: TagTable;
  readonly search: RowSearch;
  readonly sources: Sources;
  readonly wheel: TimeWheel;
  readonly line: TimeLine;
  readonly ended: EndedStays;
  readonly settling: Settling;
  /** By which other spelling a stay's tag was read last. */
  readonly spellings: Map<number, number>;
  /** Stays that the message that is being taken began: what it says more of them was not taken before. */
  readonly opened: Set<number>;
  /** What the stays may take, bytes; the last part of it is for exits. */
  readonly budget: { readonly bytes: number; readonly reserve: number; hand: number };
  /** Stays with a newer last sight than the disk has, and where the last look for them ended. */
  readonly unsaved: { count: number; at: number };
  count(reader: string, reason: string, antenna: number | null, by: number): void;
};

/** What one message or one look at the clock gives. `now` is epoch ms. */
export type Turn = { readonly now: number; readonly out: Observation[] };
