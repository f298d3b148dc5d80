import type { ReadBatch } from '../../../tags/index.ts';
import { isPlausibleRssi, isPort, roundedRssi } from '../radio.ts';
import { type TimeFormat, timeOfNumber } from '../time.ts';
import { foldDegrees } from '../values.ts';
import type { Role } from './hole.ts';

/* Numbers, and in this file, because they are looked at for each value of each read. */
const NONE = 0;
const PC = 4;
const ANTENNA = 5;
const RSSI = 6;
const COUNT = 7;
const SEQ = 8;
const FREQUENCY = 9;
const PHASE = 10;
const AT = 11;

/** What stands in a program for a column. */
export const roleNumbers = {
  none: NONE,
  epc: 1,
  again: 2,
  tid: 3,
  pc: PC,
  antenna: ANTENNA,
  rssi: RSSI,
  count: COUNT,
  seq: SEQ,
  frequencyKhz: FREQUENCY,
  phaseDeg: PHASE,
  at: AT,
} as const satisfies Record<Role, number>;

/** A number as its column has it; NaN where the generic way would have something to say of it. */
export function finishedNumber(role: number, value: number, formats: readonly TimeFormat[]): number {
  switch (role) {
    case ANTENNA:
      return isPort(value) ? value : Number.NaN;
    case RSSI:
      return isPlausibleRssi(value) ? roundedRssi(value) : Number.NaN;
    case COUNT:
      return Math.max(1, Math.round(value));
    case SEQ:
      return Number.isSafeInteger(value) ? value : Number.NaN;
    case FREQUENCY:
      return Math.round(value);
    case PHASE:
      return foldDegrees(value);
    case PC:
      return Number.isInteger(value) && value >= 0 && value <= 0xffff ? value : Number.NaN;
    case AT:
      return timeOfNumber(value, formats);
    default:
      return value;
  }
}

/** Puts such a number, which stands in a list, into its column. Handed over by itself it would be made an object. */
export function putNumber(role: number, values: Float64Array, place: number, into: ReadBatch, row: number): void {
  const value = values[place] ?? 0;
  switch (role) {
    case ANTENNA:
      into.antenna[row] = value;
      return;
    case RSSI:
      into.rssi[row] = value;
      return;
    case COUNT:
      into.count[row] = value;
      // A report that says "one" stands for no more, in whatever mode its reader is.
      if (value === 1) into.round[row] = 0;
      return;
    case SEQ:
      into.seq[row] = value;
      return;
    case FREQUENCY:
      into.frequencyKhz[row] = value;
      return;
    case PHASE:
      into.phaseDeg[row] = value;
      return;
    case PC:
      into.pc[row] = value;
      return;
    default:
      if (role === AT) into.at[row] = value;
  }
}
