/** Bits in order, 32 in each signed integer; the last is filled up with zeros and one more of zeros follows. */
export type Words = readonly number[];

/** 1 to 32 bits from bit `from` as a number; the caller has made sure that they exist. */
export function narrowAt(words: Words, from: number, width: number): number {
  const index = from >> 5;
  const offset = from & 31;
  let bits = (words[index] ?? 0) << offset;
  if (offset + width > 32) bits |= (words[index + 1] ?? 0) >>> (32 - offset);
  return bits >>> (32 - width);
}

/** 1 to 53 bits from bit `from` as a number, exactly. */
export function bitsAt(words: Words, from: number, width: number): number {
  if (width <= 32) return narrowAt(words, from, width);
  return narrowAt(words, from, width - 32) * 0x100000000 + narrowAt(words, from + width - 32, 32);
}

/** Whether all bits in [from, to) are zero. */
export function isZero(words: Words, from: number, to: number): boolean {
  for (let at = from; at < to; at += 32) if (narrowAt(words, at, Math.min(32, to - at)) !== 0) return false;
  return true;
}
