import type { timeFormats } from '../profile/read-map.ts';

export type TimeFormat = (typeof timeFormats)[number];

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|[+-]\d\d:?\d\d)$/;
const perMs: Record<Exclude<TimeFormat, 'iso'>, number> = { s: 0.001, ms: 1, us: 1000 };

/**
 * Epoch ms of a reader's time, digits below the millisecond cut off; null when it is no time. ISO 8601 needs a zone
 * (`Z`, `+0200`, `+02:00`): a time without one could be anywhere.
 */
export function parseTime(value: unknown, format: TimeFormat): number | null {
  if (format === 'iso') return typeof value === 'string' ? parseIso(value) : null;
  const number = parseNumber(value);
  if (number === null) return null;
  const ms = Math.floor(number / perMs[format]);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** A finite number, also as text; null for everything else. Units behind the number are not accepted. */
export function parseNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.length > 40) return null;
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null;
}

function parseIso(text: string): number | null {
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = ISO.exec(text) ?? [];
  if (year === undefined) return null;
  const [mo, d, h, mi, s] = [month, day, hour, minute, second].map(Number) as [number, number, number, number, number];
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const utc = Date.UTC(Number(year), mo - 1, d, h, mi, s, ms);
  const date = new Date(utc);
  // Date.UTC carries 31 February over into March: such a date was never meant.
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || h > 23 || mi > 59 || s > 60) return null;
  return utc - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
