import type { MessageProfile } from '../profile/message-profile.ts';
import type { ReadMap } from '../profile/read-map.ts';
import type { SimulatedTag } from '../simulators/simulator.ts';
import type { TagMemory } from '../simulators/tag-memory.ts';
import type { ReaderAnswer, Sink } from '../sink.ts';
import type { MessageCommands } from './control/dialect.ts';
import type { Json } from './control/json.ts';

/** What a maker's messages say beside reads and events. Made anew for each reader: it may remember what it heard. */
export type Voice = {
  /** What a message with reads says of the reader's condition. */
  read(message: unknown, sink: Sink): void;
  /** What an event says of it; `at` is epoch ms by the reader's clock. */
  event(message: unknown, at: number | null, sink: Sink): void;
  /** The answer to a command that a message is which no rule of the profile fits; null where it is none. */
  answer(message: unknown): ReaderAnswer | null;
};

export type DeviceState = { active: boolean; mode: Json };
export type RestReply = { readonly status: number; readonly body: unknown };
export type Report = Record<string, unknown>;

/** What is inside of a simulated reader of this maker. */
export type SimulatedInside = {
  /** The mode that it has when it is new. */
  readonly mode: Json;
  /** After a power cut a mode that was set is forgotten. */
  readonly forgetsMode: boolean;
  /** Its tags can be written to. */
  readonly hasMemory: boolean;
  /** What it answers on its command topics; null: nothing. */
  answer(message: Json, state: DeviceState): Json | null;
  /** What its REST interface answers. */
  serve(method: string, path: string, body: unknown, state: DeviceState): RestReply;
  /** Whether a mode's ports and filter let a tag in. */
  letsIn(tag: SimulatedTag, mode: Json): boolean;
  /** Carries the operations of a mode out on a tag; the report gets their results. */
  carryOut(memory: TagMemory, mode: Json, report: Report): Report;
  /** What the status topic gets when it comes and goes: a text as it is, or a message that is stamped. */
  readonly says: Readonly<Record<'online' | 'offline', string | Json | null>>;
  /** Puts the number of reads that were given up since the start into a heartbeat. */
  beat(heartbeat: Report, lost: number): void;
  /** What it says when its buffer had been full. */
  overflow(lost: number, kept: number): Json | null;
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
  /** What the reader can be asked for; null where it can only be listened to. */
  readonly commands: MessageCommands | null;
  simulate(profile: MessageProfile): SimulatedInside;
};

const nothing = () => undefined;

export const plainVoice: Voice = { read: nothing, event: nothing, answer: () => null };

export const plainInside: SimulatedInside = {
  mode: {},
  forgetsMode: false,
  hasMemory: false,
  answer: () => null,
  serve: () => ({ status: 404, body: null }),
  letsIn: () => true,
  carryOut: (_memory, _mode, report) => report,
  says: { online: null, offline: null },
  beat: nothing,
  overflow: () => null,
};

/** Of a profile that names no plug-in: nothing but what its words say. */
export const plainPlugin: MessagePlugin = {
  map: {},
  takesMap: false,
  statusTexts: {},
  listen: () => plainVoice,
  commands: null,
  simulate: () => plainInside,
};
