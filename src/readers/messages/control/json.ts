import { compilePath } from '../place.ts';
import { isObject } from '../values.ts';

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

/** Sets the value at a dotted path; objects on the way are made where they are missing. */
export function putAt(target: Json, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let here = target as Record<string, unknown>;
  for (const step of steps) {
    const next = Object.hasOwn(here, step) ? here[step] : undefined;
    const fresh = isObject(next) ? next : {};
    here[step] = fresh;
    here = fresh;
  }
  here[last] = value;
}

/** What stands at a dotted path; undefined where nothing does. */
export function valueAt(target: unknown, path: string): unknown {
  return compilePath(path)(target);
}

/** A copy in which `{name}` in texts is replaced; a text that is nothing but `{name}` becomes the value itself. */
export function filled(template: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(template)) return template.map((value) => filled(value, values));
  if (isObject(template)) {
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, values)]));
  }
  if (typeof template !== 'string') return template;
  const whole = /^\{(\w+)\}$/.exec(template)?.[1];
  if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole];
  return template.replace(/\{(\w+)\}/g, (text, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : text,
  );
}

/** Only what stands at these paths. */
export function picked(present: Json, paths: readonly string[]): Json {
  const some = {};
  for (const path of paths) {
    const value = valueAt(present, path);
    if (value !== undefined) putAt(some, path, value);
  }
  return some;
}

/** The two laid over one another; where both say something that is no object, `over` wins. */
export function merged(base: unknown, over: unknown): Json {
  if (!isObject(base) || !isObject(over)) return over as Json;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(keys.map((key) => [key, key in over ? merged(base[key], over[key]) : base[key]]));
}
