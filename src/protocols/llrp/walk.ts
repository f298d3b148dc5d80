/** Why parameters cannot be read any further. An unknown TLV is skipped; an unknown TV has no length to skip by. */
export type WalkProblem = 'BAD_PARAM_LENGTH' | 'TRUNCATED' | 'UNKNOWN_TV' | 'TOO_DEEP' | 'TOO_MANY';

/** Bytes of value of each TV parameter by its type (LLRP 1.0.1, 16.2.7.3; 19 and 20 came with 1.1). */
const tvSizes: Readonly<Record<number, number>> = {
  1: 2,
  2: 8,
  3: 8,
  4: 8,
  5: 8,
  6: 1,
  7: 2,
  8: 2,
  9: 4,
  10: 2,
  11: 2,
  12: 2,
  13: 12,
  14: 2,
  15: 2,
  16: 4,
  17: 2,
  18: 4,
  19: 2,
  20: 2,
};
const sizeOfTv = Uint8Array.from({ length: 128 }, (_, type) => tvSizes[type] ?? 0);

/**
 * Visits the parameters between `from` and `to` in their order; `visit` gets the type and where the value begins and
 * ends. Returns why it stopped early, null when it reached the end.
 */
export function walkParameters(
  view: DataView,
  from: number,
  to: number,
  visit: (type: number, from: number, to: number) => void,
): WalkProblem | null {
  let at = from;
  while (at < to) {
    const length = parameterLength(view, at, to);
    if (length <= 0) return noLength[-length] ?? null;
    const end = at + length;
    if (end > to) return 'TRUNCATED';
    if (view.getUint8(at) >= 0x80) visit(view.getUint8(at) & 0x7f, at + 1, end);
    else visit(view.getUint16(at) & 0x3ff, at + 4, end);
    at = end;
  }
  return null;
}

/**
 * Bytes of the parameter at `at` with its head. 0: a TV that no standard has; CUT_HEAD: its head is not whole before `to`;
 * -2: shorter than its own head.
 */
export function parameterLength(view: DataView, at: number, to: number): number {
  return view.getUint8(at) >= 0x80 ? tvLength(view, at) : tlvLength(view, at, to);
}
export const CUT_HEAD = -1;

/** What a length of 0, -1 and -2 stands for. */
const noLength = ['UNKNOWN_TV', 'TRUNCATED', 'BAD_PARAM_LENGTH'] as const satisfies WalkProblem[];

function tvLength(view: DataView, at: number): number {
  const size = sizeOfTv[view.getUint8(at) & 0x7f] ?? 0;
  return size === 0 ? 0 : 1 + size;
}

function tlvLength(view: DataView, at: number, to: number): number {
  if (at + 4 > to) return CUT_HEAD;
  const length = view.getUint16(at + 2);
  return length < 4 ? -2 : length;
}
