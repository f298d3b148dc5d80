import type { ReaderAnswer, Sink } from '../sink.ts';
import type { ReadMap } from '../vocabulary/read-map.ts';

/** What a maker's messages say beside reads and events. Made anew for each reader: it may remember what it heard. */
export type Voice = {
  /** Paths in a message with reads that `read` looks at; null where that cannot be said. */
  readonly looksAt: readonly string[] | null;
  /** What a message with reads says of the reader's condition. */
  read(message: unknown, sink: Sink): void;
  /** What an event says of it; `at` is epoch ms by the reader's clock. */
  event(message: unknown, at: number | null, sink: Sink): void;
  /** The answer to a command that a message is which no rule of the profile fits; null where it is none. */
  answer(message: unknown): ReaderAnswer | null;
};

/**
 * What code says of a maker's readers because the words of a profile cannot: they say what makers share. A profile names its
 * plug-in; the closed table of them is `plugins.ts`.
 */
export type MessagePlugin = {
  /** Places that a profile cannot name. They are looked at behind the profile's own. */
  readonly map: Partial<ReadMap>;
  /** The `map` of a reader's configuration takes the place of the profile's. */
  readonly takesMap: boolean;
  /** Plain texts on the status topic. */
  readonly statusTexts: Readonly<Record<string, 'online' | 'offline'>>;
  listen(): Voice;
};

const nothing = () => undefined;

export const plainVoice: Voice = { looksAt: [], read: nothing, event: nothing, answer: () => null };

/** Of a profile that names no plug-in: nothing but what its words say. */
export const plainPlugin: MessagePlugin = {
  map: {},
  takesMap: false,
  statusTexts: {},
  listen: () => plainVoice,
};
