import { createField, type SimulatedTag } from './simulator.ts';
import { createTagMemory, type TagMemory } from './tag-memory.ts';

/** A tag in the field with what is on it. */
export type FieldTag = SimulatedTag & { readonly memory: TagMemory };

/** The tags before a simulated reader. Each keeps its memory for as long as the simulator lives, also out of the field. */
export function createTagField(first: readonly SimulatedTag[], random: () => number) {
  const known = new Map<string, TagMemory>();
  let present: readonly FieldTag[] = [];
  const field = createField<FieldTag>([], random);
  const set = (tags: readonly SimulatedTag[]) => {
    const seen = new Map<string, number>();
    present = tags.map((tag) => {
      const twin = seen.get(tag.epc) ?? 0;
      seen.set(tag.epc, twin + 1);
      return { ...tag, memory: memoryOf(known, tag, twin) };
    });
    field.set(present);
  };
  set(first);
  return {
    set,
    /** The next tag as it is called now; null while the field is empty, or its turn is a dead tag's. */
    read: (): FieldTag | null => {
      const tag = field.read();
      if (tag === null || !tag.memory.isAlive()) return null;
      // The UID of a card need not be whole words, and nobody writes it.
      return tag.epc.length % 4 === 0 ? { ...tag, epc: tag.memory.epc() } : tag;
    },
    present: () => present,
  };
}

/** Tags of one EPC are different tags: each has a TID of its own. */
function memoryOf(known: Map<string, TagMemory>, { epc, chip }: SimulatedTag, twin: number): TagMemory {
  const key = `${epc}/${twin}`;
  const old = known.get(key);
  if (old !== undefined) return old;
  const { tid } = createTagMemory({ epc: epc + 'FFFF'.repeat(twin) });
  const fresh = createTagMemory({ epc, tid, ...chip });
  known.set(key, fresh);
  return fresh;
}
