import { em4325 } from './em4325.ts';
import { magnusS1, magnusS2, magnusS3, xerxes } from './magnus.ts';
import type { SensorChip } from './sensor.ts';

/** Chips with a sensor, a row each. */
export const sensorChips: readonly SensorChip[] = [magnusS2, magnusS1, magnusS3, xerxes, em4325];

/** The sensor chip that a TID (hex, two words at least) belongs to, or null. */
export function sensorChipOf(tid: string): SensorChip | null {
  return sensorChips.find((chip) => chip.knows(tid)) ?? null;
}
