import type { OnReads } from '../../src/readers/index.ts';
import { readsOf, type TagRead } from '../../src/tags/index.ts';

/** One batch that waits for the disk. */
export type Held = {
  readonly reads: readonly TagRead[];
  readonly redelivered: boolean;
  keep(): void;
  refuse(error: Error): void;
};

/** A line whose disk is in the test's hand: each batch waits until the test ends it. */
export function heldLine(): { readonly onReads: OnReads; readonly held: Held[] } {
  const held: Held[] = [];
  const onReads: OnReads = (reads, redelivered) =>
    new Promise((keep, refuse) => void held.push({ reads: readsOf(reads), redelivered, keep, refuse }));
  return { onReads, held };
}
