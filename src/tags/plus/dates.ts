import { isDigits, padded } from '../bits/digits.ts';
import { type BitReader, need, refuse, take } from '../bits/reader.ts';
import { type BitWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import type { Method } from './method.ts';

const monthDays = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether YY, MM, DD are a date; day 0 means the whole month. The century is not on the tag, so YY 00 may be a leap year. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year > 99 || month < 1 || month > 12 || day > (monthDays[month] ?? 0)) return false;
  return month !== 2 || day < 29 || year % 4 === 0;
}

function badDate(reader: BitReader): string {
  refuse(reader, 'BAD_DATE', 'There is no such date or time.', 'YYMMDD of the calendar');
  return '';
}

/** 7 + 4 + 5 bits as YYMMDD. */
export function readDate(reader: BitReader): string {
  if (!need(reader, 16)) return '';
  const year = take(reader, 7);
  const month = take(reader, 4);
  const day = take(reader, 5);
  if (isDate(year, month, day)) return padded(year, 2) + padded(month, 2) + padded(day, 2);
  reader.at -= 16;
  return badDate(reader);
}

function readClock(reader: BitReader, parts: readonly [width: number, limit: number][]): string {
  let text = '';
  for (const [width, limit] of parts) {
    if (!need(reader, width)) return '';
    const value = take(reader, width);
    if (value >= limit) return badDate(reader);
    text += padded(value, 2);
  }
  return text;
}

const clockParts: readonly [number, number][] = [
  [5, 24],
  [6, 60],
  [6, 60],
];

const invalid = tagError('BAD_DATE', 'There is no such date or time.', null, 'YYMMDD of the calendar');

/** Appends YYMMDD in 16 bits. */
export function putDate(writer: BitWriter, value: string): TagError | null {
  const [year = 0, month = 0, day = 0] = [0, 2, 4].map((at) => Number(value.slice(at, at + 2)));
  if (!isDigits(value) || value.length !== 6 || !isDate(year, month, day)) return invalid;
  put(writer, year, 7);
  put(writer, month, 4);
  put(writer, day, 5);
  return null;
}

function putClock(writer: BitWriter, value: string): TagError | null {
  for (let at = 0; at < value.length; at += 2) {
    const [width = 0, limit = 0] = clockParts[at / 2] ?? [];
    const part = value.slice(at, at + 2);
    if (part.length !== 2 || !isDigits(part) || Number(part) >= limit) return invalid;
    put(writer, part, width);
  }
  return null;
}

/** YYMMDD [TDS 14.5.8]. */
export const date: Method = {
  size: 6,
  read: readDate,
  write: putDate,
};

/** YYMMDDhhmm [TDS 14.5.9]. */
export const dateTime: Method = {
  size: 10,
  read(reader) {
    const day = readDate(reader);
    return reader.problem === null ? day + readClock(reader, clockParts.slice(0, 2)) : '';
  },
  write(writer, value) {
    if (value.length !== 10) return invalid;
    return putDate(writer, value.slice(0, 6)) ?? putClock(writer, value.slice(6));
  },
};

/** A date or a range of dates [TDS 14.5.10]. */
export const dateRange: Method = {
  size: null,
  read(reader) {
    if (!need(reader, 1)) return '';
    const range = take(reader, 1) === 1;
    const first = readDate(reader);
    return range && reader.problem === null ? first + readDate(reader) : first;
  },
  write(writer, value) {
    put(writer, value.length > 6 ? 1 : 0, 1);
    const first = putDate(writer, value.slice(0, 6));
    return first === null && value.length > 6 ? putDate(writer, value.slice(6)) : first;
  },
};

/** A date with hour, minute or second as far as known [TDS 14.5.11]. */
export const variableDateTime: Method = {
  size: null,
  read(reader) {
    if (!need(reader, 2)) return '';
    const precision = take(reader, 2);
    const day = readDate(reader);
    if (reader.problem !== null || precision === 3) return day;
    return day + readClock(reader, clockParts.slice(0, precision + 1));
  },
  write(writer, value) {
    const precision = [3, 0, 1, 2][(value.length - 6) / 2];
    if (precision === undefined) return invalid;
    put(writer, precision, 2);
    return putDate(writer, value.slice(0, 6)) ?? putClock(writer, value.slice(6));
  },
};
