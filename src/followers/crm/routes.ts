import type { DestinationOptions } from './options.ts';

/** Whether a destination wants events of a type: `*`, `item.*` or a full type; no list means everything. */
export function wantsOf({ events = ['*'] }: Pick<DestinationOptions, 'events'>): (type: string) => boolean {
  return (type) => events.some((pattern) => matches(pattern, type));
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
