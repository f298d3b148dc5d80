import { createReadBatch, type HexColumn, type ReadBatch } from '../../../tags/index.ts';
import { createIsoReader, type IsoReader, readIsoTime } from '../iso-time.ts';
import type { TimeFormat } from '../time.ts';
import { finishedNumber, putNumber, roleNumbers } from './finish.ts';
import type { Form } from './hole.ts';
import { numberEnd, numberTextEnd } from './numbers.ts';
import { base64End, createOctets, hex96End, hexEnd, isSameHex, type Octets, putOctets, stringEnd } from './strings.ts';
import type { TextBytes } from './text-bytes.ts';

/*
 * A program is steps as numbers in a row, because they are followed for each read. A step has first the bytes that have to
 * stand in the text, eight at a time as the number that a little-endian machine loads, then a hole. The bytes of a text are
 * never those of no number, and two zeros that differ are no text. All numbers stand in this file: those of another one are
 * looked up each time.
 */

export type Program = {
  /** Of `code`. */
  readonly size: number;
  readonly code: Int32Array;
  readonly words: Float64Array;
  /** What a step's number is multiplied by. */
  readonly factors: Float64Array;
  readonly formats: readonly (readonly TimeFormat[])[];
  /** Of the numbers that stood in a hole, `KNOWN_NUMBERS` for each, and one more that is not known again. */
  readonly keys: Int32Array;
  readonly sizes: Int32Array;
  readonly values: Float64Array;
};

/* What a step has in `code`, from `STRIDE` times its number on: its words from one place up to before another; the bytes that have to stand there; of less than eight of them two words of four, as they are with the bits that count; and its hole. */
const FIRST = 0;
const END = 1;
const BYTES = 2;
const LOW = 3;
const LOW_MASK = 4;
const HIGH = 5;
const HIGH_MASK = 6;
const FORM = 7;
const ROLE = 8;
/** Where its known numbers begin. */
const KNOWN = 9;
const STRIDE = 10;
/** Antennas, channels and strengths are few. */
export const KNOWN_NUMBERS = 64;
/** Bytes that are compared at a time. */
const WORD = 8;

const AGAIN = roleNumbers.again;
const TID = roleNumbers.tid;
const PC = roleNumbers.pc;

const QUOTE = 0x22;

const NO_HOLE = 0;
const STRING = 1;
const NUMBER = 2;
const TEXT = 3;
const HEX = 4;
const BASE64 = 5;
const ISO = 6;

/** What stands in `code` for a form; `end` is no hole. */
export const formNumbers = {
  end: NO_HOLE,
  string: STRING,
  number: NUMBER,
  text: TEXT,
  hex: HEX,
  base64: BASE64,
  iso: ISO,
} as const satisfies Record<Form | 'end', number>;

/** What matching needs room for, once for each scanner. */
export type Matching = {
  readonly iso: IsoReader;
  readonly number: Float64Array;
  /** Of an EPC or TID that is not of 96 bits. */
  readonly octets: Octets;
  /** Of what stands beside it. */
  readonly beside: Octets;
  /** Row 0 is what stands around a list. */
  readonly around: ReadBatch;
  readonly again: HexColumn;
};

export function createMatching(): Matching {
  const around = createReadBatch(1);
  around.size = 1;
  const again = createReadBatch(1).epc;
  const number = new Float64Array(1);
  return { iso: createIsoReader(), number, octets: createOctets(), beside: createOctets(), around, again };
}

/**
 * Follows a program from `from` on, and puts what is in its holes into a row. Gives where it ends, or -1 where the text is
 * not as it says: every byte outside a hole is compared. The 0 behind the text is in no word, so nothing goes beyond it.
 */
export function follow(
  program: Program,
  text: TextBytes,
  from: number,
  matching: Matching,
  into: ReadBatch,
  row: number,
): number {
  const { code, size } = program;
  let at = from;
  for (let base = 0; base < size; base += STRIDE) {
    at = bytesEnd(program, base, text.view, at);
    if (at < 0 || code[base + FORM] === NO_HOLE) return at;
    at = take(program, base, text, at, matching, into, row);
    if (at < 0) return -1;
  }
  return at;
}

function bytesEnd({ code, words }: Program, base: number, view: DataView, from: number): number {
  const bytes = code[base + BYTES] ?? 0;
  const to = from + bytes;
  if (bytes < WORD) return hasShort(code, base, view, from) ? to : -1;
  const last = (code[base + END] ?? 0) - 1;
  let at = from;
  for (let word = code[base + FIRST] ?? 0; word < last; word++, at += WORD) {
    if (view.getFloat64(at, true) !== words[word]) return -1;
  }
  // The last one may begin before the one in front of it has ended.
  return view.getFloat64(to - WORD, true) === words[last] ? to : -1;
}

function hasShort(code: Int32Array, base: number, view: DataView, from: number): boolean {
  const low = (view.getInt32(from, true) ^ (code[base + LOW] ?? 0)) & (code[base + LOW_MASK] ?? 0);
  const high = (view.getInt32(from + 4, true) ^ (code[base + HIGH] ?? 0)) & (code[base + HIGH_MASK] ?? 0);
  return (low | high) === 0;
}

function take(
  program: Program,
  base: number,
  text: TextBytes,
  at: number,
  matching: Matching,
  into: ReadBatch,
  row: number,
): number {
  const form = program.code[base + FORM] ?? 0;
  switch (form) {
    case NUMBER:
    case TEXT:
      return takeNumber(program, base, text, at, matching, into, row);
    case ISO: {
      const end = readIsoTime(matching.iso, text, at);
      into.at[row] = matching.iso.at[0] ?? 0;
      return matching.iso.isZoned && text.bytes[end] === QUOTE ? end : -1;
    }
    case STRING:
      return stringEnd(text, at);
    default:
      return takeHex(form === HEX, program.code[base + ROLE] ?? 0, text, at, matching, into, row);
  }
}

const none: readonly TimeFormat[] = [];

/** A number that stood here before is known by its first eight bytes. */
function takeNumber(
  program: Program,
  base: number,
  text: TextBytes,
  at: number,
  { number }: Matching,
  into: ReadBatch,
  row: number,
): number {
  const { code, keys, sizes } = program;
  const { view } = text;
  const low = view.getInt32(at, true);
  const high = view.getInt32(at + 4, true);
  let place = (code[base + KNOWN] ?? 0) + ((Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 26);
  if (keys[2 * place] !== low || keys[2 * place + 1] !== high || sizes[place] === 0) {
    place = readNumber(program, base, text, at, place, number);
    if (place < 0) return -1;
  }
  putNumber(code[base + ROLE] ?? 0, program.values, place, into, row);
  return at + (sizes[place] ?? 0);
}

/**
 * Reads a number that is not known, and knows it from then on in the place of another one. Gives the place where it is, or
 * -1 where it is none that its column could have. Eight bytes do not tell a longer one from others: it gets a place of its own.
 */
function readNumber(
  { code, factors, formats, keys, sizes, values }: Program,
  base: number,
  text: TextBytes,
  at: number,
  known: number,
  number: Float64Array,
): number {
  const step = base / STRIDE;
  const end = code[base + FORM] === TEXT ? numberTextEnd(text, at, number) : numberEnd(text, at, number);
  if (end < 0) return -1;
  const value = finishedNumber(code[base + ROLE] ?? 0, (number[0] ?? 0) * (factors[step] ?? 1), formats[step] ?? none);
  if (Number.isNaN(value)) return -1;
  const place = end - at < WORD ? known : (code[base + KNOWN] ?? 0) + KNOWN_NUMBERS;
  keys[2 * place] = text.view.getInt32(at, true);
  keys[2 * place + 1] = text.view.getInt32(at + 4, true);
  sizes[place] = end - at;
  values[place] = value;
  return place;
}

function takeHex(
  isHex: boolean,
  role: number,
  text: TextBytes,
  at: number,
  matching: Matching,
  into: ReadBatch,
  row: number,
): number {
  if (role === PC) return takePc(isHex, text, at, matching, into, row);
  if (role === AGAIN) {
    const end = putHexAt(isHex, text, at, matching.beside, matching.again, 0);
    return end >= 0 && isSameHex(into.epc, row, matching.again, 0) ? end : -1;
  }
  return putHexAt(isHex, text, at, matching.octets, role === TID ? into.tid : into.epc, row);
}

function takePc(
  isHex: boolean,
  text: TextBytes,
  at: number,
  { beside }: Matching,
  into: ReadBatch,
  row: number,
): number {
  const end = (isHex ? hexEnd : base64End)(text, at, beside);
  if (end < 0 || beside.size !== 2) return -1;
  into.pc[row] = 256 * (beside.bytes[0] ?? 0) + (beside.bytes[1] ?? 0);
  return end;
}

function putHexAt(isHex: boolean, text: TextBytes, at: number, octets: Octets, into: HexColumn, row: number): number {
  const direct = isHex ? hex96End(text, at, into, row) : -1;
  octets.size = 0;
  if (direct >= 0) return direct;
  const end = (isHex ? hexEnd : base64End)(text, at, octets);
  if (end >= 0) putOctets(into, row, octets, 0, octets.size);
  return end;
}
