import { isObject } from './values.ts';

/** What a place looks into: the member, the message that holds it, and the topic's levels. */
export type Scope = { readonly member: unknown; readonly root: unknown; readonly topic: readonly string[] };

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
  if (column !== undefined) return ({ member }) => (Array.isArray(member) ? cell(member[column - 1]) : undefined);
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

/** Walks own properties only: a payload cannot reach a prototype. */
export function compilePath(path: string): (value: unknown) => unknown {
  const steps = path.split('.');
  return (value) => {
    let here = value;
    for (const step of steps) {
      if (Array.isArray(here)) here = here[Number(step)] as unknown;
      else if (isObject(here) && Object.hasOwn(here, step)) here = here[step];
      else return undefined;
    }
    return here;
  };
}

function cell(value: unknown): unknown {
  return value === '' ? undefined : value;
}
