import type { Preselect } from '../tags/index.ts';
import type { TagMemory } from './tag-memory.ts';

/** A Select as tags hear it: its mask of `bits` bits begins at `bit`. */
export type HeardSelect = Pick<Preselect, 'bank' | 'bit' | 'bits'>;

/** A sensor of a chip: after its Select, and until another is heard, `codes` (hex of whole words) stand from `word` on. */
export type SimulatedSensor = { readonly select: HeardSelect; readonly word: number; readonly codes: string };

/** A tag whose reserved words from `word` on are zero until it hears the Select that makes it measure. */
export function withSensor(memory: TagMemory, { select, word, codes }: SimulatedSensor): TagMemory {
  return {
    ...memory,
    hear: (heard) => {
      const isMeant = heard?.bank === select.bank && heard.bit === select.bit && heard.bits === select.bits;
      memory.write('reserved', word, isMeant ? codes : '0'.repeat(codes.length), null);
    },
  };
}
