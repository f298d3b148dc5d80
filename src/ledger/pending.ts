import type { CustomerEvent } from '../customers/index.ts';
import type { ItemEvent } from '../inventory/index.ts';
import type { SeenRow } from '../presence/index.ts';

/** What one decision changed, until it is on disk. */
export type PendingTurn = {
  readonly turn: number;
  /** The number that presence gave to what it observed; 0 = nothing. A later withheld one may be added. */
  presenceTurn: number;
  readonly observed: ReadonlySet<string>;
  readonly events: readonly ItemEvent[];
  readonly customerEvents: readonly CustomerEvent[];
  readonly seen: readonly SeenRow[];
};

/** Decisions that are not on disk yet, in their order. */
export type Pending = {
  /** Adds a decision and numbers it. */
  add(decided: Omit<PendingTurn, 'turn'>): PendingTurn;
  last(): PendingTurn | null;
  /** Takes out all up to this turn, the oldest first. */
  settled(turn: number): PendingTurn[];
  /** Takes out all. */
  drop(): PendingTurn[];
  each(): readonly PendingTurn[];
};

export function createPending(): Pending {
  let turns: PendingTurn[] = [];
  let last = 0;
  return {
    add: (decided) => {
      const turn = { turn: ++last, ...decided };
      turns.push(turn);
      return turn;
    },
    last: () => turns.at(-1) ?? null,
    settled: (turn) => {
      const later = turns.findIndex((entry) => entry.turn > turn);
      return turns.splice(0, later < 0 ? turns.length : later);
    },
    drop: () => {
      const dropped = turns;
      turns = [];
      return dropped;
    },
    each: () => turns,
  };
}
