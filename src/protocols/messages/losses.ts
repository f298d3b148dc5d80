import { parseNumber } from './time.ts';
import { isObject } from './values.ts';

const DEEPEST = 6;
const MOST_NODES = 5_000;

/**
 * The sum of the numbers under `key` wherever it stands in an event, because firmwares moved it; not deeper than six levels.
 * null where there is none.
 */
export function sumUnder(event: unknown, key: string): number | null {
  let sum: number | null = null;
  let level: unknown[] = [event];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    for (const value of level) {
      const number = isObject(value) && Object.hasOwn(value, key) ? parseNumber(value[key]) : null;
      if (number !== null) sum = (sum ?? 0) + number;
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    level = level.slice(0, MOST_NODES);
  }
  return sum;
}
