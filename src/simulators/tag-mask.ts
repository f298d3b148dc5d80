import { type MemoryBank, memoryBanks } from '../protocols/index.ts';
import type { TagMemory } from './tag-memory.ts';

const bits = (hex: string) =>
  Array.from(hex, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');

/** Whether a tag answers a Select: `mask` stands at `bit` of its bank; `length` bits of it count. */
export function hasMask(memory: TagMemory, bank: MemoryBank, bit: number, mask: string, length: number): boolean {
  const [first, end] = [Math.floor(bit / 16), Math.ceil((bit + length) / 16)];
  const words = memory.read(bank, first, end - first, null);
  if (!words.ok) return false;
  const from = bit - 16 * first;
  return bits(words.data).slice(from, from + length) === bits(mask).slice(0, length);
}

/** The bank of that number. */
export function bankNumbered(number: number): MemoryBank {
  return memoryBanks[number] ?? 'reserved';
}
