import type { Preselect } from '../tags/index.ts';

/** A Select as tags hear it: its mask of `bits` bits begins at `bit`. */
export type HeardSelect = Pick<Preselect, 'bank' | 'bit' | 'bits'>;

/** A sensor of a chip: after its Select, and until another is heard, `codes` (hex of whole words) stand from `word` on. */
export type SimulatedSensor = { readonly select: HeardSelect; readonly word: number; readonly codes: string };

/** What writes the words that a sensor shows. */
type Shown = { write(bank: 'reserved', word: number, data: string, password: null): unknown };

/** A tag whose reserved words from `word` on are zero until it hears the Select that makes it measure. */
export function withSensor<Memory extends Shown>(memory: Memory, { select, word, codes }: SimulatedSensor) {
  return {
    ...memory,
    hear: (heard: HeardSelect | null) => {
      const isMeant = heard?.bank === select.bank && heard.bit === select.bit && heard.bits === select.bits;
      memory.write('reserved', word, isMeant ? codes : '0'.repeat(codes.length), null);
    },
  };
}
