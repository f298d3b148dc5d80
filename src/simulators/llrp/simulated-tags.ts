import { bankOf, bitsOf, numberIn, type Parameter, textIn } from '../../protocols/index.ts';
import type { TagMemory } from '../tag-memory.ts';

/** Whether a tag has the data of a C1G2TargetTag where its mask has ones, or the mask of a C1G2TagInventoryMask. */
export function hasBits(memory: TagMemory, pattern: Parameter): boolean {
  const [mask, data] = [textIn(pattern, 'mask'), textIn(pattern, 'data')];
  const pointer = numberIn(pattern, 'pointer');
  const wanted = pattern.name === 'C1G2TargetTag' ? data : mask;
  const cares = (i: number) => pattern.name !== 'C1G2TargetTag' || mask[i] === '1';
  const [first, last] = [Math.floor(pointer / 16), Math.ceil((pointer + wanted.length) / 16)];
  const words = memory.read(bankOf(numberIn(pattern, 'bank')), first, last - first, null);
  if (!words.ok) return false;
  const bits = bitsOf(words.data).slice(pointer - 16 * first);
  return Array.from(wanted).every((bit, i) => !cares(i) || bits[i] === bit);
}
