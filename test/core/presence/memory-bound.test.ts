import { describe, expect, it } from 'vitest';
import { presenceMemory } from '../../../src/presence/index.ts';

const mb = 1024 * 1024;
const limits = (heap: number, process: number) => ({ heap: heap * mb, process: process * mb });
const low = (text: string) => expect.objectContaining({ code: 'MEMORY_LOW', message: expect.stringContaining(text) });

describe('how much memory presence may take', () => {
  it('is a quarter of what the process may have beside the program, or what was asked for', () => {
    expect(presenceMemory(0, null, limits(4144, 8192))).toBe(2000 * mb);
    expect(presenceMemory(0, null, limits(176, 256))).toBe(16 * mb);
    expect(presenceMemory(0, 200 * mb, limits(4144, 8192))).toBe(200 * mb);
  });

  it('is more than a quarter where the tags that are present need it', () => {
    expect(presenceMemory(500_000, null, limits(4144, 256))).toBe(500_000 * 96);
  });

  it('is refused where those that are present do not fit, with need, limit and what to raise', () => {
    expect(() => presenceMemory(1_000_000, null, limits(112, 8192))).toThrow(
      low('1000000 tags are present and need a memory limit of 446 MB, but it is 112 MB'),
    );
    expect(() => presenceMemory(1_000_000, null, limits(112, 8192))).toThrow(
      low('NODE_OPTIONS=--max-old-space-size=446'),
    );
    expect(() => presenceMemory(1_000_000, null, limits(4144, 256))).toThrow(low('memory limit of the container'));
    expect(() => presenceMemory(1_000_000, 50 * mb, limits(4144, 8192))).toThrow(low('raise presence.memory'));
    expect(() => presenceMemory(0, null, limits(80, 8192))).toThrow(low('0 tags are present'));
    expect(() => presenceMemory(0, 95_999, limits(4144, 8192))).toThrow(low('0 tags are present'));
  });

  it('never asks for more than it says: with the limit that it names it fits', () => {
    for (const present of [1_000, 54_321, 1_000_000]) {
      const heap = Math.ceil((present * 367) / mb) + 96;
      const process = Math.ceil((present * 96) / mb) + 192;
      expect(presenceMemory(present, null, limits(heap, process))).toBeGreaterThanOrEqual(present * 96);
      expect(() => presenceMemory(present, null, limits(heap - 1, process))).toThrow(low(`${heap} MB`));
      expect(() => presenceMemory(present, null, limits(heap, process - 1))).toThrow(low(`${process} MB`));
    }
  });
});
