import { type MemoryBank, memoryBanks } from '../memory-bank.ts';

/** A memory bank as the two top bits of a byte, as Gen2 parameters have it. */
export function bankBits(bank: MemoryBank): number {
  return memoryBanks.indexOf(bank) << 6;
}

/** The bank that the two top bits of a byte name. */
export function bankOf(byte: number): MemoryBank {
  return memoryBanks[byte >> 6] ?? 'reserved';
}

/** Hex as noughts and ones. */
export function bitsOf(hex: string): string {
  return Array.from(hex, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
}
