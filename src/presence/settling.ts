/**
 * Which tags have an observation that is not on disk yet. Turns number what `take` and `expire` gave; a tag is known by the hash
 * of its identity, so that two may be taken for one, which makes a message wait in vain for a moment.
 */
export type Settling = {
  /** The turn of what is being taken now. */
  turn(): number;
  /** It has an observation of this tag. */
  note(hash: number): void;
  /** The turn that a read of this tag relies on, or 0. */
  turnOf(hash: number): number;
  /** Ends the turn; its number, or 0 where it had no observation. */
  end(isUsed: boolean): number;
  /** All up to this turn is on disk. */
  settled(turn: number): void;
  forget(hash: number): void;
  size(): number;
};

export function createSettling(): Settling {
  /** In the order of their turns. */
  const turns = new Map<number, number>();
  let turn = 1;
  return {
    turn: () => turn,
    note: (hash) => {
      turns.delete(hash);
      turns.set(hash, turn);
    },
    turnOf: (hash) => turns.get(hash) ?? 0,
    end: (isUsed) => (isUsed ? turn++ : 0),
    settled: (until) => {
      for (const [hash, of] of turns) {
        if (of > until) return;
        turns.delete(hash);
      }
    },
    forget: (hash) => void turns.delete(hash),
    size: () => turns.size,
  };
}
