import { hexAt, pcWord, putHex, type ReadBatch, type TagCodec } from '../tags/index.ts';
import type { Reader } from './types.ts';

const EPC = 0;
const DIGITS_PER_WORD = 4;

/** Moves a PC word that stands in front of an EPC to its own place; each of them is a warning of its reader. */
export function moveCodeWords(tags: TagCodec, readers: ReadonlyMap<string, Reader>, reads: ReadBatch): void {
  for (let row = 0; row < reads.size; row++) {
    if (mayBegin(reads, row) && moveWord(tags, reads, row)) readers.get(reads.reader)?.warned('PC_WORD');
  }
}

/** Whether the five bits of length that a PC word begins with say how many words follow. Nearly every read ends here. */
function mayBegin({ idType, pc, epc }: ReadBatch, row: number): boolean {
  if (idType[row] !== EPC || (pc[row] ?? -1) >= 0) return false;
  return (epc.words[3 * row] ?? 0) >>> 27 === (epc.digits[row] ?? 0) / DIGITS_PER_WORD - 1;
}

function moveWord(tags: TagCodec, reads: ReadBatch, row: number): boolean {
  const read = { idType: 'epc', epc: hexAt(reads.epc, row) ?? '', pc: null } as const;
  const plain: { readonly epc: string; readonly pc: string | null } = tags.withoutPc(read);
  if (plain === read) return false;
  putHex(reads.epc, row, plain.epc);
  reads.pc[row] = pcWord(plain.pc);
  return true;
}
