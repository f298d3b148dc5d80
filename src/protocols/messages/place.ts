import { isObject } from './values.ts';

/** What a place looks into: the member, the message that holds it, the topic's levels, and a line's cells. */
export type Scope = {
  readonly member: unknown;
  readonly root: unknown;
  readonly topic: readonly string[];
  /** The cells of a line; null where the payload is no lines. */
  readonly cells: readonly string[] | null;
};

/** Where a value may stand, as profiles and maps say it. */
export type Place = {
  readonly path?: string;
  readonly self?: boolean;
  readonly column?: number;
  readonly topicLevel?: number;
};

export type Getter = (scope: Scope) => unknown;

/** Compiles one place; an absent value is `undefined`. */
export function compilePlace({ path, self, column, topicLevel }: Place): Getter {
  if (self === true) return ({ member }) => (typeof member === 'string' ? member : undefined);
  if (topicLevel !== undefined) return ({ topic }) => topic[topicLevel - 1];
  if (column !== undefined) return ({ cells }) => cell(cells?.[column - 1]);
  if (path === undefined) return () => undefined;
  if (path.startsWith('/')) {
    const get = compilePath(path.slice(1));
    return ({ root }) => get(root);
  }
  const get = compilePath(path);
  return ({ member }) => get(member);
}

/** Whether a value is there, or is one of `among`. */
export function compileWhen(get: Getter, among: readonly unknown[] | undefined): (scope: Scope) => boolean {
  const allowed = among === undefined ? null : new Set(among);
  return (scope) => {
    const value = get(scope);
    return allowed === null ? value !== undefined && value !== null : allowed.has(value);
  };
}

/** Walks own properties only: a payload cannot reach a prototype. A name with a dot in it, as columns may have, is found too. */
export function compilePath(path: string): (value: unknown) => unknown {
  const steps = path.split('.');
  if (steps.length === 1) return (value) => stepInto(value, path);
  return (value) => {
    if (isObject(value) && Object.hasOwn(value, path)) return value[path];
    let here = value;
    for (const step of steps) here = stepInto(here, step);
    return here;
  };
}

function stepInto(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return value[Number(step)] as unknown;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function cell(value: unknown): unknown {
  return value === '' ? undefined : value;
}
