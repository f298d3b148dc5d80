import type { Zone } from '../../kit/index.ts';
import type { timeFormats } from '../vocabulary/read-map.ts';

/** Reads before this day come from a clock that was never set. */
export const EARLIEST = Date.UTC(2015, 0, 1);

export type TimeFormat = (typeof timeFormats)[number];

/** A time as it was read: `format` is what it is really in, `isZoned` false where it names no zone; epoch ms, null without a zone to take. */
export type ReadTime = { readonly at: number | null; readonly format: TimeFormat | 'ns'; readonly isZoned: boolean };

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|[+-]\d\d:?\d\d)?$/;
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
export function readTime(value: unknown, format: TimeFormat, zone: Zone | null, near: number): ReadTime | null {
  const number = parseNumber(value);
  if (number !== null) return readNumber(number, format);
  return typeof value === 'string' ? readIso(value, zone, near) : null;
}

function readNumber(number: number, due: TimeFormat): ReadTime | null {
  const asDue = due === 'iso' ? null : msOf(number, due);
  const found = isPlausible(asDue) ? due : units.find((unit) => isPlausible(msOf(number, unit)));
  if (found !== undefined && found !== 'iso') return { at: msOf(number, found), format: found, isZoned: true };
  return asDue === null ? null : { at: asDue, format: due, isZoned: true };
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
function readIso(text: string, zone: Zone | null, near: number): ReadTime | null {
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset] = ISO.exec(text.trim()) ?? [];
  if (year === undefined) return null;
  const [mo, d, h, mi, s] = [month, day, hour, minute, second].map(Number) as [number, number, number, number, number];
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const wall = Date.UTC(Number(year), mo - 1, d, h, mi, s, ms);
  const date = new Date(wall);
  // Date.UTC carries 31 February over into March: such a date was never meant.
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || h > 23 || mi > 59 || s > 60) return null;
  if (offset !== undefined) return { at: wall - offsetMs(offset), format: 'iso', isZoned: true };
  return { at: zone === null ? null : zone.epoch(wall, near), format: 'iso', isZoned: false };
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
