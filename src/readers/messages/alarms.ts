import type { MessageProfile } from '../profile/message-profile.ts';
import type { Sink } from '../sink.ts';
import { parseNumber } from './time.ts';
import { isObject } from './values.ts';

type Alarm = NonNullable<MessageProfile['alarms']>[number];

const DEEPEST = 6;
const MOST_NODES = 5_000;

/** Looks through events for the numbers by which a reader admits that it lost reads. */
export function compileAlarms(alarms: readonly Alarm[]): (event: unknown, sink: Sink) => void {
  const before = new Map<string, number>();
  return (event, sink) => {
    for (const { key, warning, cumulative } of alarms) {
      const value = sumOf(event, key);
      if (value === null) continue;
      const last = cumulative ? (before.get(key) ?? 0) : 0;
      before.set(key, value);
      // A cumulative number that fell belongs to a reader that restarted: all of it is new.
      const fresh = value < last ? value : value - last;
      if (fresh > 0) sink.warn(warning, fresh);
    }
  };
}

/** Sum of the numbers under `key` wherever it stands: firmwares moved it; null when it is nowhere. */
function sumOf(event: unknown, key: string): number | null {
  let sum: number | null = null;
  let nodes = 0;
  const walk = (value: unknown, depth: number) => {
    if (depth > DEEPEST || nodes++ > MOST_NODES) return;
    if (Array.isArray(value)) for (const item of value) walk(item, depth + 1);
    else if (isObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const number = name === key ? parseNumber(inner) : null;
        if (number !== null) sum = (sum ?? 0) + number;
        else walk(inner, depth + 1);
      }
    }
  };
  walk(event, 0);
  return sum;
}
