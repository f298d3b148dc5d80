import type { Static, TSchema } from '../kit/index.ts';
import type { Fault } from './fault.ts';

/** A value that is only read, all the way down. */
type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** What an answer of this schema is, to who makes it and to who reads it. */
export type Answer<S extends TSchema> = Frozen<Static<S>>;

type KeysOf<T> = T extends unknown ? keyof T : never;
type At<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;
type ExcessKey<Want, Got> = {
  [K in keyof Got & string]: K extends KeysOf<Want> ? Excess<At<Want, K>, Got[K]> : K;
}[keyof Got & string];

/**
 * The names of what `Got` has and `Want` does not, however deep; never where there is none. TypeScript itself looks for these in
 * literals only. A fault holds faults without end, so nothing is looked for in it.
 */
type Excess<Want, Got> = unknown extends Want
  ? never
  : [Got, Want] extends [Want, Got] | [unknown, Fault | null]
    ? never
    : Got extends readonly (infer G)[]
      ? Want extends readonly (infer W)[]
        ? Excess<W, G>
        : never
      : Got extends object
        ? ExcessKey<Extract<Want, object>, Got>
        : never;

/** `Got`, where it is all of `Want` and nothing else. */
export type Exactly<Want, Got extends Want> = [Excess<Want, Got>] extends [never]
  ? Got
  : Got & { readonly notInTheContract: Excess<Want, Got> };
