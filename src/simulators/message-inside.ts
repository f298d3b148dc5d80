import type { Json } from '../protocols/index.ts';
import type { SimulatedTag } from './simulator.ts';
import type { TagMemory } from './tag-memory.ts';

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

const nothing = () => undefined;

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
