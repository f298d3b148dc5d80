import type { LinkMessage } from '../../links/index.ts';
import type { OnReads, Pressure } from '../types.ts';

type Take = (message: LinkMessage) => Promise<void>;

/** Where messages of one reader wait before they are decided on, in the order in which they came. */
export type Turns = {
  /** The same way for reads; how many wait there for the disk is counted. */
  beside<T extends { readonly onReads: OnReads }>(deps: T): T;
  /** Takes a message at once where there is no pressure or nothing of the reader waits for the disk; else when that is so. */
  inOrder(take: Take): Take;
};

export function createTurns(pressure: Pressure = () => null): Turns {
  let writing = 0;
  let last: Promise<void> | null = null;
  const full = () => (writing > 0 ? pressure() : null);
  const behind = async (before: Promise<void> | null, take: () => Promise<void>): Promise<{ taken: Promise<void> }> => {
    await before;
    for (let space = full(); space !== null; space = full()) await space;
    return { taken: take() };
  };
  const wait = async (take: () => Promise<void>): Promise<void> => {
    const turn = behind(last, take);
    const mine = turn.then(() => undefined);
    last = mine;
    const { taken } = await turn;
    if (last === mine) last = null;
    return taken;
  };
  return {
    beside: (deps) => ({
      ...deps,
      onReads: (reads, redelivered) => {
        const keeping = deps.onReads(reads, redelivered);
        if (keeping === null) return null;
        writing += 1;
        return keeping.finally(() => {
          writing -= 1;
        });
      },
    }),
    inOrder: (take) => (message) => (last === null && full() === null ? take(message) : wait(() => take(message))),
  };
}
