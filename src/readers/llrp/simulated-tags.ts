import { createField, type SimulatedTag } from '../simulators/simulator.ts';
import { createTagMemory, type TagMemory } from '../simulators/tag-memory.ts';
import { bankOf, bitsOf } from './gen2-bits.ts';
import { numberIn, type Parameter, textIn } from './tree.ts';

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
      return { ...tag, memory: memoryOf(known, tag.epc, twin) };
    });
    field.set(present);
  };
  set(first);
  return {
    set,
    /** The next tag as it is called now; null while the field is empty, or its turn is a dead tag's. */
    read: (): FieldTag | null => {
      const tag = field.read();
      return tag?.memory.isAlive() ? { ...tag, epc: tag.memory.epc() } : null;
    },
    present: () => present,
  };
}

/** Tags of one EPC are different tags: each has a TID of its own. */
function memoryOf(known: Map<string, TagMemory>, epc: string, twin: number): TagMemory {
  const key = `${epc}/${twin}`;
  const old = known.get(key);
  if (old !== undefined) return old;
  const { tid } = createTagMemory({ epc: epc + 'FFFF'.repeat(twin) });
  const fresh = createTagMemory({ epc, tid });
  known.set(key, fresh);
  return fresh;
}

/** Whether a tag has the data of a C1G2TargetTag where its mask has ones, or the mask of a C1G2TagInventoryMask. */
export function hasBits(memory: TagMemory, pattern: Parameter): boolean {
  const [mask, data] = [textIn(pattern, 'mask'), textIn(pattern, 'data')];
  const pointer = numberIn(pattern, 'pointer');
  const wanted = pattern.name === 'C1G2TargetTag' ? data : mask;
  const cares = (i: number) => pattern.name !== 'C1G2TargetTag' || mask[i] === '1';
  const [first, last] = [Math.floor(pointer / 16), Math.ceil((pointer + wanted.length) / 16)];
  const words = memory.read(bankOf(numberIn(pattern, 'bank')), first, last - first, null);
  if (!words.ok) return false;
  const bits = bitsOf(words.data).slice(pointer - 16 * first);
  return Array.from(wanted).every((bit, i) => !cares(i) || bits[i] === bit);
}
