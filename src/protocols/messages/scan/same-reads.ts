import { type ReadBatch, readAt } from '../../../tags/index.ts';

/** Whether the rows of one batch are rows `from` on of another one, whose times may have been replaced by that of receipt. */
export function isSameReads(one: ReadBatch, other: ReadBatch, from: number): boolean {
  if (one.size !== other.size - from) return false;
  for (let row = 0; row < one.size; row++) {
    const { at, ...mine } = readAt(one, row);
    const { at: otherAt, ...theirs } = readAt(other, from + row);
    const sameTime = Object.is(at, otherAt) || otherAt === other.receivedAt;
    const own = { ...mine, reader: other.reader, receivedAt: other.receivedAt };
    if (!sameTime || JSON.stringify(own) !== JSON.stringify(theirs)) return false;
  }
  return true;
}
