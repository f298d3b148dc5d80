import type { TagCodec, TagRead } from '../tags/index.ts';
import type { Reader } from './types.ts';

/** The reads, a PC word that stood in front of an EPC moved to its own place; each of them is a warning of its reader. */
export function withoutPcWords(
  tags: TagCodec,
  readers: ReadonlyMap<string, Reader>,
  reads: readonly TagRead[],
): TagRead[] {
  return reads.map((read) => {
    const plain = tags.withoutPc(read);
    if (plain !== read) readers.get(read.reader)?.warned('PC_WORD');
    return plain;
  });
}
