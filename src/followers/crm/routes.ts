import type { Route } from '../../store/index.ts';
import type { DestinationOptions } from './options.ts';

/** What each destination wants of the committed events: `*`, `item.*` or a full type; no list means everything. */
export function routesOf(destinations: readonly Pick<DestinationOptions, 'id' | 'events'>[]): Route[] {
  return destinations.map(({ id, events = ['*'] }) => ({
    destination: id,
    wants: (type) => events.some((pattern) => matches(pattern, type)),
  }));
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
