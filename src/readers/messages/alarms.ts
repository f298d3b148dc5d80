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
  const growth = ({ key, cumulative }: Alarm, value: number) => {
    const last = cumulative ? (before.get(key) ?? 0) : 0;
    before.set(key, value);
    // A cumulative number that fell belongs to a reader that restarted: all of it is new.
    return value < last ? value : value - last;
  };
  return (event, sink) => {
    for (const alarm of alarms) {
      const values = numbersUnder(event, alarm.key);
      if (values.length === 0) continue;
      const fresh = growth(
        alarm,
        values.reduce((sum, value) => sum + value, 0),
      );
      if (fresh > 0) sink.warn(alarm.warning, fresh);
    }
  };
}

/** The numbers under `key` wherever it stands, because firmwares moved it; not deeper than six levels. */
function numbersUnder(event: unknown, key: string): number[] {
  const found: number[] = [];
  let level: unknown[] = [event];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    for (const value of level) {
      const number = isObject(value) && Object.hasOwn(value, key) ? parseNumber(value[key]) : null;
      if (number !== null) found.push(number);
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    level = level.slice(0, MOST_NODES);
  }
  return found;
}
