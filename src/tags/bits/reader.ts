import type { TagError, TagErrorCode, TagMark } from '../epc.ts';
import { tagError } from '../error.ts';
import { bitsAt, type Words } from './words.ts';

/** A walk over the bits of one EPC. `problem` ends it: a field that sets it is the last to run. */
export type BitReader = {
  readonly hex: string;
  readonly words: Words;
  /** Bits that may be read: the scheme's length, or all that the tag gave. */
  end: number;
  at: number;
  problem: TagError | null;
  marks: TagMark[] | null;
};

/** A reader of `hex`, whose bits are `words`, at bit `from`. */
export function readerOf(hex: string, words: Words, from: number): BitReader {
  return { hex, words, end: hex.length * 4, at: from, problem: null, marks: null };
}

/** The next `width` bits (at most 53); the caller has made sure that they exist. */
export function take(reader: BitReader, width: number): number {
  const value = bitsAt(reader.words, reader.at, width);
  reader.at += width;
  return value;
}

/** Whether `width` more bits exist; else the problem is `TOO_SHORT`. */
export function need(reader: BitReader, width: number): boolean {
  if (reader.at + width <= reader.end) return true;
  reader.problem = tagError('TOO_SHORT', 'The tag ends inside this field.', reader.at, `${width} bits`);
  return false;
}

/** Ends the walk with a reason at the present bit, `back` bits ago. */
export function refuse(reader: BitReader, code: TagErrorCode, message: string, expected: string, back = 0): void {
  reader.problem = tagError(code, message, reader.at - back, expected);
}

/** Notes something odd that does not make the tag invalid. */
export function mark(reader: BitReader, what: TagMark): void {
  if (reader.marks === null) reader.marks = [what];
  else if (!reader.marks.includes(what)) reader.marks.push(what);
}
