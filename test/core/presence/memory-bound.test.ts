import { describe, expect, it } from 'vitest';
import { entriesThatFit } from '../../../src/presence/index.ts';

const mb = 1024 * 1024;
const heap = (megabytes: number, process: number | null = null) => ({
  heap: megabytes * mb,
  process: process === null ? null : process * mb,
});
const low = (text: string) => expect.objectContaining({ code: 'MEMORY_LOW', message: expect.stringContaining(text) });

describe('how many tags the memory has room for', () => {
  it('is 250,000 where there is enough, and less in a small heap or a small container', () => {
    expect(entriesThatFit(0, heap(4144))).toBe(250_000);
    expect(entriesThatFit(0, heap(176))).toBe(Math.floor((80 * mb) / 1500));
    expect(entriesThatFit(0, heap(4144, 256))).toBe(Math.floor((64 * mb) / 1500));
    expect(entriesThatFit(0, heap(176, 4096))).toBe(entriesThatFit(0, heap(176)));
  });

  it('is refused where those that are present do not fit, with need, limit and what to raise', () => {
    expect(() => entriesThatFit(1_000_000, heap(112))).toThrow(
      low('1000000 tags are present and need a memory limit of 1527 MB, but it is 112 MB'),
    );
    expect(() => entriesThatFit(1_000_000, heap(112))).toThrow(low('NODE_OPTIONS=--max-old-space-size=1527'));
    expect(() => entriesThatFit(100_000, heap(4144, 256))).toThrow(low('memory limit of the container'));
    expect(() => entriesThatFit(0, heap(80))).toThrow(low('0 tags are present'));
  });

  it('never asks for more than it says: with the limit that it names it fits', () => {
    for (const present of [1_000, 54_321, 1_000_000]) {
      const needed = Math.ceil((present * 1500) / mb) + 96;
      expect(entriesThatFit(present, heap(needed))).toBe(Math.min(250_000, Math.floor(((needed - 96) * mb) / 1500)));
      expect(() => entriesThatFit(present, heap(needed - 2))).toThrow(low(`${needed} MB`));
    }
  });
});
