import { damagedRow } from './bytes.ts';
import type { Db } from './connection.ts';

/** The dictionary of names (places, readers, inputs, lifecycles …) that rows hold as small numbers. */
export type Dictionary = {
  /** Call first in each transaction that writes: forgets the numbers that a transaction which was undone had given. */
  begin(): void;
  /** The number of a word, given now where it has none. The caller holds a transaction. */
  number(word: string): number;
  /** The number of a word that has one, or null. */
  known(word: string): number | null;
  /** Throws STORE_DAMAGED for a number that was never given. */
  word(number: number): string;
};

/** Words come from the configuration and from tables of ours; a store has some hundred. */
const mostKept = 20_000;

export function createDictionary(db: Db): Dictionary {
  const numberOf = db.prepare<[string], number>('SELECT n FROM words WHERE word = ?').pluck();
  const wordOf = db.prepare<[number], string>('SELECT word FROM words WHERE n = ?').pluck();
  const insert = db.prepare('INSERT INTO words (word) VALUES (?)');
  const newest = db.prepare<[], { n: number; word: string }>('SELECT n, word FROM words ORDER BY n DESC LIMIT 1');
  const numbers = new Map<string, number>();
  const words: (string | undefined)[] = [];
  const keep = (word: string, number: number): number => {
    if (numbers.size >= mostKept) {
      numbers.clear();
      words.length = 0;
    }
    numbers.set(word, number);
    words[number] = word;
    return number;
  };
  const known = (word: string): number | null => {
    const kept = numbers.get(word);
    if (kept !== undefined) return kept;
    const found = numberOf.get(word);
    return found === undefined ? null : keep(word, found);
  };
  return {
    begin: () => {
      const last = newest.get();
      const isUndone =
        words.length - 1 > (last?.n ?? 0) || (last !== undefined && (words[last.n] ?? last.word) !== last.word);
      if (!isUndone) return;
      numbers.clear();
      words.length = 0;
    },
    known,
    number: (word) => known(word) ?? keep(word, Number(insert.run(word).lastInsertRowid)),
    word: (number) => {
      const kept = words[number];
      if (kept !== undefined) return kept;
      const found = wordOf.get(number);
      if (found === undefined) throw damagedRow();
      keep(found, number);
      return found;
    },
  };
}
