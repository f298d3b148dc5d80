import type { Zone } from '../../kit/index.ts';
import type { timeFormats } from '../vocabulary/read-map.ts';
import { createIsoTexts } from './iso-time.ts';

/** Reads before this day come from a clock that was never set. */
export const EARLIEST = Date.UTC(2015, 0, 1);

/** Reads texts in ISO 8601; whoever has many keeps one, because it knows the minute that it read last. */
type ReadIso = ReturnType<typeof createIsoTexts>;

export type TimeFormat = (typeof timeFormats)[number];

/** A time as it was read: `format` is what it is really in, `isZoned` false where it names no zone; epoch ms, null without a zone to take. */
export type ReadTime = { readonly at: number | null; readonly format: TimeFormat | 'ns'; readonly isZoned: boolean };

const perMs = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 } as const;
const units = ['s', 'ms', 'us', 'ns'] as const;

/** Times of tag reads lie between `EARLIEST` and this day. In any other unit a number between them is far outside, so it tells its unit. */
const LATEST = Date.UTC(2100, 0, 1);

/**
 * A reader's time, digits below the millisecond cut off, with what it is really in: one in another unit than `format`, or a
 * number where ISO 8601 is due or the other way round, is taken as what it is. `zone` is the place whose clocks a time
 * without a zone shows, `near` the epoch ms that decides between two times which those clocks show alike. null when it is
 * no time.
 */
export function readTime(
  value: unknown,
  format: TimeFormat,
  zone: Zone | null,
  near: number,
  read: ReadIso = createIsoTexts(),
): ReadTime | null {
  const number = parseNumber(value);
  if (number !== null) return readNumber(number, format);
  return typeof value === 'string' ? readIsoText(value, zone, near, read) : null;
}

function readNumber(number: number, due: TimeFormat): ReadTime | null {
  const asDue = due === 'iso' ? null : msOf(number, due);
  const found = isPlausible(asDue) ? due : units.find((unit) => isPlausible(msOf(number, unit)));
  if (found !== undefined && found !== 'iso') return { at: msOf(number, found), format: found, isZoned: true };
  return asDue === null ? null : { at: asDue, format: due, isZoned: true };
}

/** The time that a number is in the first of these formats in which it is one; NaN where it is in none of them. */
export function timeOfNumber(number: number, formats: readonly TimeFormat[]): number {
  for (const format of formats) {
    const at = format === 'iso' ? null : msOf(number, format);
    if (at !== null && isPlausible(at)) return at;
  }
  return Number.NaN;
}

function msOf(number: number, unit: keyof typeof perMs): number | null {
  const ms = Math.floor(number / perMs[unit]);
  return Number.isSafeInteger(ms) ? ms : null;
}

function isPlausible(at: number | null): boolean {
  return at !== null && at >= EARLIEST && at < LATEST;
}

/** A finite number, also as text; null for everything else. Units behind the number are not accepted. */
export function parseNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.length > 40) return null;
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null;
}

/** ISO 8601 with `Z`, `+0200` or `+02:00`; a blank may stand for the T, and a comma for the point. */
function readIsoText(text: string, zone: Zone | null, near: number, read: ReadIso): ReadTime | null {
  const iso = read(text);
  if (iso === null) return null;
  if (iso.isZoned) return { at: iso.wall, format: 'iso', isZoned: true };
  return { at: zone === null ? null : zone.epoch(iso.wall, near), format: 'iso', isZoned: false };
}
