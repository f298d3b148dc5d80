import { compilePath } from './place.ts';
import { isObject } from './values.ts';

/** A JSON object of a reader. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether everything in `wanted` stands in `present`, which may hold more. */
export function holds(wanted: unknown, present: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(present) &&
      present.length === wanted.length &&
      wanted.every((value, i) => holds(value, (present as unknown[])[i]))
    );
  }
  if (!isObject(wanted)) return wanted === present;
  return isObject(present) && Object.entries(wanted).every(([key, value]) => holds(value, present[key]));
}

/** What stands at a dotted path; undefined where nothing does. */
export function valueAt(target: unknown, path: string): unknown {
  return compilePath(path)(target);
}

/** The objects of a list; none where it is no list. */
export function objectsOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
