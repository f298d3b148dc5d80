import { isFull } from './failure.ts';

/** Work that a start would do at once, and that a full disk lets wait. */
export type Chores = {
  /** Does what is still to do, in order; throws what the database throws, and keeps the rest for the next call. */
  doAll(): void;
  /** The same, but a full disk is no reason to fail. */
  tryAll(): void;
};

/** Each piece of work is done once. */
export function createChores(work: readonly (() => void)[]): Chores {
  const todo = [...work];
  const doAll = () => {
    for (let [next] = todo; next !== undefined; [next] = todo) {
      next();
      todo.shift();
    }
  };
  return {
    doAll,
    tryAll: () => {
      try {
        doAll();
      } catch (error) {
        if (!isFull(error)) throw error;
      }
    },
  };
}
