import type { ReadBatch } from '../tags/index.ts';

const MOST_GAPS = 16;
/** Reads that overtake one another are late by seconds, not by this, ms. */
const PATIENCE_MS = 60_000;
/** A number this far behind, of a reader without a clock, is of a counter that began anew. */
const FAR = 1_000;

type Gap = { readonly from: number; readonly to: number; readonly at: number };

/** How many numbers of a reader's sequence never came, and when (epoch ms) the newest of these gaps began. */
export type Missing = { readonly count: number; readonly at: number | null };

/**
 * Follows the numbers that a reader gives its reads. A late read fills its gap, a repeated one is none, and neither is
 * a counter that began anew after a restart: its reads are younger by the reader's own clock. Constant work per read.
 */
export function createSequence() {
  let last: number | null = null;
  let lastAt = 0;
  const gaps = createGaps();
  const begin = (seq: number, at: number) => {
    last = seq;
    lastAt = at;
  };
  const isAnew = (seq: number, at: number, receivedAt: number) =>
    at === receivedAt ? (last ?? 0) - seq > FAR : at > lastAt;
  const behind = (seq: number, at: number, receivedAt: number) => {
    if (gaps.fill(seq) || !isAnew(seq, at, receivedAt)) return;
    gaps.giveUp();
    begin(seq, at);
  };
  const sequence = {
    /** `at` is the read's time, `receivedAt` ours; they are the same where the reader tells no time. */
    take: (seq: number, at: number, receivedAt: number): void => {
      if (last !== null && seq <= last) behind(seq, at, receivedAt);
      else {
        if (last !== null && seq > last + 1) gaps.open({ from: last + 1, to: seq - 1, at: receivedAt });
        begin(seq, at);
      }
    },
    missing: gaps.missing,
  };
  return {
    ...sequence,
    /** The numbers of reads that have one. */
    takeAll: ({ seq, at, size, receivedAt }: ReadBatch): void => {
      for (let row = 0; row < size; row++) {
        const number = seq[row] ?? Number.NaN;
        if (!Number.isNaN(number)) sequence.take(number, at[row] ?? receivedAt, receivedAt);
      }
    },
  };
}

/** The newest gaps one by one, so that they can be filled; older ones only as a sum. */
function createGaps() {
  const open: Gap[] = [];
  const given = { up: 0, at: null as number | null };
  const giveUp = (gaps: readonly Gap[]) => {
    for (const { from, to, at } of gaps) {
      given.up += to - from + 1;
      given.at = at;
    }
  };
  return {
    open: (gap: Gap) => {
      open.push(gap);
      if (open.length > MOST_GAPS) giveUp(open.splice(0, 1));
    },
    /** Takes a number that came late out of its gap; false when it belongs to none. */
    fill: (seq: number): boolean => {
      const index = open.findIndex(({ from, to }) => seq >= from && seq <= to);
      const gap = open[index];
      if (gap === undefined) return false;
      const parts = [
        { ...gap, to: seq - 1 },
        { ...gap, from: seq + 1 },
      ];
      open.splice(index, 1, ...parts.filter(({ from, to }) => from <= to));
      if (open.length > MOST_GAPS) giveUp(open.splice(0, 1));
      return true;
    },
    giveUp: () => giveUp(open.splice(0)),
    missing: (now: number): Missing => {
      const old = open.filter(({ at }) => now - at >= PATIENCE_MS);
      const count = old.reduce((sum, { from, to }) => sum + to - from + 1, given.up);
      return { count, at: old.at(-1)?.at ?? given.at };
    },
  };
}
