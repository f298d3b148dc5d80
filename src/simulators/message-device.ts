import type { Json } from '../protocols/index.ts';
import type { Report, RestReply, SimulatedInside } from './message-inside.ts';
import type { SimulatedTag } from './simulator.ts';
import { createTagMemory, type TagMemory } from './tag-memory.ts';

type Seen = { readonly tag: SimulatedTag; finish(report: Report): Report };

/** A reader's inside as far as its commands reach: whether it reads, its mode, and the tags before it. */
export type MessageDevice = {
  answer(message: Json): Json | null;
  /** Its REST interface: what it answers to a request. */
  serve(method: string, path: string, body: unknown): RestReply;
  /** What it makes of a tag in the field; null while it does not read it. `finish` adds results of operations to the report. */
  see(tag: SimulatedTag): Seen | null;
  setTags(tags: readonly SimulatedTag[]): void;
  memoryOf(epc: string): TagMemory | undefined;
  mode(): Json;
  /** As after a power cut: a mode that was not its own is forgotten. */
  restart(): void;
};

export function createMessageDevice(inside: SimulatedInside, tags: readonly SimulatedTag[]): MessageDevice {
  const memories = new Map<string, TagMemory>();
  const state = { active: true, mode: structuredClone(inside.mode) as Json };
  const setTags = (others: readonly SimulatedTag[]) => {
    if (!inside.hasMemory) return;
    for (const { epc } of others) if (!memories.has(epc)) memories.set(epc, createTagMemory({ epc }));
  };
  setTags(tags);
  return {
    answer: (message) => inside.answer(message, state),
    serve: (method, path, body) => inside.serve(method, path, body, state),
    see: (tag) => {
      const memory = memories.get(tag.epc);
      const now = memory === undefined ? tag : { ...tag, epc: memory.epc() };
      if (!state.active || memory?.isAlive() === false || !inside.letsIn(now, state.mode)) return null;
      const finish = (report: Report) => (memory === undefined ? report : inside.carryOut(memory, state.mode, report));
      return { tag: now, finish };
    },
    setTags,
    memoryOf: (epc) => memories.get(epc),
    mode: () => state.mode,
    restart: () => {
      state.active = true;
      if (inside.forgetsMode) state.mode = structuredClone(inside.mode) as Json;
    },
  };
}
