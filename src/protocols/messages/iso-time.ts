import { createTextBytes, type TextBytes } from './scan/text-bytes.ts';

/**
 * Reads times in ISO 8601 without `Date`. It knows the minute that it read last: the times of one message hardly differ
 * in more than their seconds.
 */
export type IsoReader = {
  /** [0] is the time that was read, epoch ms; the wall clock as if it were UTC where the text names no zone. */
  readonly at: Float64Array;
  isZoned: boolean;
  /** The sixteen characters of the minute that is known, and its epoch ms. */
  readonly known: Int32Array;
  readonly minute: Float64Array;
  /** It is the last of its day, which a leap second would carry over into the next. */
  isLast: boolean;
};

/** A reader that knows no minute yet. */
export function createIsoReader(): IsoReader {
  const known = new Int32Array(4).fill(-1);
  return { at: new Float64Array(1), isZoned: false, known, minute: new Float64Array(1), isLast: false };
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** `yyyy-mm-ddThh:mm` */
const PREFIX = 16;
/** Digits of a second's fraction, at most; those below the millisecond are cut off. */
const MOST_FRACTION = 12;
/** Longest time: prefix, seconds, fraction, zone with a colon. */
const LONGEST = 38;

/**
 * Reads `yyyy-mm-dd`, a T or blank, `hh:mm`, then as far as they stand there `:ss`, a fraction behind a point or comma,
 * and `Z`, `+hhmm` or `+hh:mm`. Gives where it ends, or -1 where no such time begins at `from`.
 */
export function readIsoTime(reader: IsoReader, text: TextBytes, from: number): number {
  if (!isKnown(reader, text.view, from) && !takeMinute(reader, text, from)) return -1;
  const { bytes } = text;
  const at = from + PREFIX;
  reader.at[0] = reader.minute[0] ?? 0;
  if (bytes[at] !== 0x3a) return readZone(reader, bytes, at);
  const second = two(bytes, at + 1);
  if (second < 0 || second > 60 || (second === 60 && reader.isLast)) return -1;
  reader.at[0] += 1000 * second;
  const end = readFraction(reader, bytes, at + 3);
  return end < 0 ? -1 : readZone(reader, bytes, end);
}

function readFraction(reader: IsoReader, bytes: Uint8Array, at: number): number {
  const mark = bytes[at];
  if (mark !== 0x2e && mark !== 0x2c) return at;
  const end = digitsEnd(bytes, at + 1);
  if (end === at + 1 || end > at + 1 + MOST_FRACTION) return -1;
  reader.at[0] = (reader.at[0] ?? 0) + thousandths(bytes, at + 1, end);
  return end;
}

/** Where the zone ends that may stand at a place; -1 where one begins that is none. */
function readZone(reader: IsoReader, bytes: Uint8Array, at: number): number {
  const mark = bytes[at];
  reader.isZoned = mark === 0x5a || mark === 0x2b || mark === 0x2d;
  if (!reader.isZoned) return at;
  if (mark === 0x5a) return at + 1;
  const behind = bytes[at + 3] === 0x3a ? at + 4 : at + 3;
  const hours = two(bytes, at + 1);
  const minutes = two(bytes, behind);
  if (hours < 0 || minutes < 0) return -1;
  const ahead = (60 * hours + minutes) * MINUTE;
  reader.at[0] = (reader.at[0] ?? 0) + (mark === 0x2d ? ahead : -ahead);
  return behind + 2;
}

function isKnown({ known }: IsoReader, view: DataView, from: number): boolean {
  if (from + PREFIX > view.byteLength) return false;
  return (
    view.getInt32(from + 12, true) === known[3] &&
    view.getInt32(from + 8, true) === known[2] &&
    view.getInt32(from + 4, true) === known[1] &&
    view.getInt32(from, true) === known[0]
  );
}

function takeMinute(reader: IsoReader, { bytes, view, length }: TextBytes, from: number): boolean {
  if (from + PREFIX > length || !hasMarks(bytes, from)) return false;
  const year = 100 * two(bytes, from) + two(bytes, from + 2);
  const [month, day, hour, minute] = [5, 8, 11, 14].map((place) => two(bytes, from + place));
  if (two(bytes, from) < 0 || two(bytes, from + 2) < 0) return false;
  const epochDay = dayOf(year, month ?? -1, day ?? -1);
  if (epochDay === null || !isUpTo(hour, 23) || !isUpTo(minute, 59)) return false;
  reader.minute[0] = epochDay * DAY + (60 * hour + minute) * MINUTE;
  reader.isLast = hour === 23 && minute === 59;
  for (let word = 0; word < 4; word++) reader.known[word] = view.getInt32(from + 4 * word, true);
  return true;
}

function isUpTo(value: number | undefined, most: number): value is number {
  return value !== undefined && value >= 0 && value <= most;
}

function hasMarks(bytes: Uint8Array, from: number): boolean {
  const between = bytes[from + 10];
  const isDate = bytes[from + 4] === 0x2d && bytes[from + 7] === 0x2d;
  return isDate && (between === 0x54 || between === 0x20) && bytes[from + 13] === 0x3a;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days since 1970-01-01; null for a day that the calendar does not have. A year of two digits is one of the twentieth century, as for `Date`. */
function dayOf(written: number, month: number, day: number): number | null {
  const year = written < 100 ? 1900 + written : written;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const most = (monthDays[month - 1] ?? 0) + (month === 2 && isLeap ? 1 : 0);
  if (day < 1 || day > most) return null;
  // Years that begin in March put the leap day at their end.
  const shifted = month > 2 ? year : year - 1;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    365 * shifted + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + ofYear - 719_468
  );
}

/** Two digits as a number; negative where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1_000;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function thousandths(bytes: Uint8Array, from: number, end: number): number {
  let ms = 0;
  for (let at = from; at < from + 3; at++) ms = 10 * ms + (at < end ? (bytes[at] ?? 0) - 0x30 : 0);
  return ms;
}

/** What a text says: epoch ms, or the wall clock as if it were UTC where it names no zone. */
export type IsoText = { readonly wall: number; readonly isZoned: boolean };

/** Reads whole texts, blanks around them allowed; null where one is no such time. */
export function createIsoTexts(): (text: string) => IsoText | null {
  const reader = createIsoReader();
  const scratch = createTextBytes(LONGEST);
  return (text) => {
    const plain = text.trim();
    if (plain.length > LONGEST || !isAsciiInto(scratch, plain)) return null;
    if (readIsoTime(reader, scratch, 0) !== plain.length) return null;
    return { wall: reader.at[0] ?? 0, isZoned: reader.isZoned };
  };
}

function isAsciiInto(into: TextBytes, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || code === 0) return false;
    into.bytes[at] = code;
  }
  into.bytes[text.length] = 0;
  into.length = text.length;
  return true;
}
