/** Uploads that may be on their way at the same time; each is a file of 32 MiB at most. */
const mostComing = 4;

/** A place for one import, from its first byte to its end. */
export type ImportPlace = {
  /** Resolves when all imports that asked before have left: from then on it is this one's turn. */
  turn(): Promise<void>;
  leave(): void;
};

/**
 * Who may send an import, and whose turn it is to be entered. An upload that takes its time holds no turn: it keeps only its
 * own sender waiting. Null where `whose` has one on its way already, or there are too many.
 */
export function createImportTurns(): (whose: string) => ImportPlace | null {
  const coming = new Set<string>();
  let tail: Promise<void> = Promise.resolve();
  return (whose) => {
    if (coming.has(whose) || coming.size >= mostComing) return null;
    coming.add(whose);
    let done: () => void = () => undefined;
    return {
      turn: () => {
        const before = tail;
        tail = new Promise((resolve) => {
          done = resolve;
        });
        return before;
      },
      leave: () => {
        coming.delete(whose);
        done();
      },
    };
  };
}
