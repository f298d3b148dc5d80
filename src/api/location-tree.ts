import type { Location } from './deps.ts';

/** From a location's id to the ids of it and everything below it. An id no longer configured stands for itself. */
export function createSubtree(locations: readonly Location[]): (id: string) => string[] {
  const children = new Map<string, string[]>();
  for (const { id, parent } of locations) {
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  return (id) => {
    const found = new Set([id]);
    for (const place of found) for (const child of children.get(place) ?? []) found.add(child);
    return [...found];
  };
}
