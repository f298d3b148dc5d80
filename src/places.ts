import type { Config } from './config.ts';

type ReaderConfig = Config['readers'][number];

/** Where each antenna reads. */
export type Places = {
  set(reader: ReaderConfig): void;
  remove(reader: string): void;
  /** A report without an antenna is of the reader's only configured place; with several places configured, nobody can say. */
  of(reader: string, antenna: number | null): string | null;
};

/** Knows no reader at first. */
export function createPlaces(): Places {
  const table = new Map<string, Readonly<Record<string, string>>>();
  const only = new Map<string, string | null>();
  return {
    set: ({ id, antennas }) => {
      const points = [...new Set(Object.values(antennas))];
      table.set(id, antennas);
      only.set(id, points.length === 1 ? (points[0] ?? null) : null);
    },
    remove: (id) => {
      table.delete(id);
      only.delete(id);
    },
    of: (reader, antenna) => (antenna === null ? only.get(reader) : table.get(reader)?.[antenna]) ?? null,
  };
}
