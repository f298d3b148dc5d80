import type { en } from './en.ts';

/** Every key of the staff app's words. */
export type Key = keyof typeof en;

/** One language: each key of the English words, no more and no fewer. */
export type Dictionary = Readonly<Record<Key, string>>;

type Slots<Text extends string> = Text extends `${string}{${infer Slot}}${infer Rest}` ? Slot | Slots<Rest> : never;

/** The values a key's text asks for; a key without slots takes none. */
export type Values<K extends Key> = [Slots<(typeof en)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Slots<(typeof en)[K]>, string | number>>];

/** The keys whose text is complete by itself: what a table of words may hold. */
export type PlainKey = { [K in Key]: Values<K> extends [] ? K : never }[Key];
