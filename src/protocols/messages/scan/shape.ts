import type { ReadBatch } from '../../../tags/index.ts';
import type { Program } from './follow.ts';
import type { Role, Step } from './hole.ts';

/** What a part of a text looks like. */
export type Part = { readonly steps: readonly Step[]; readonly program: Program };

/** What a member of a message looks like that is one read. */
export type ItemShape = Part & {
  /** One row: what a read has of which the text says nothing. */
  readonly given: ReadBatch;
  /** Digits of a TID at the end of the EPC; 0 where none is. */
  readonly suffix: number;
  /** The id is the TID: the text has no other. */
  readonly isTid: boolean;
};

/** What stands around a list of reads, and which columns of them are said there. */
export type ListShape = { readonly head: Part; readonly tail: Part; readonly roles: readonly Role[] };

/** What a member of a message looks like: one read, or a list of reads. */
export type Shape = {
  /** The topic that its messages come on; null where the reads do not depend on it. */
  readonly topic: string | null;
  readonly list: ListShape | null;
  /** The kinds of reads that were seen in it, the newest first. */
  readonly items: ItemShape[];
  /** The member that it was learnt from, for what a maker's code looks at in it. */
  readonly sample: unknown;
  /** No line break is part of it. */
  readonly isOneLine: boolean;
};
