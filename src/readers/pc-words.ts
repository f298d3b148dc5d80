import type { TagCodec, TagRead } from '../tags/index.ts';
import type { Reader } from './types.ts';

/** The reads, each with a PC word that stood in front of its EPC where it belongs; supervision of its reader is told. */
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
