import { readFileSync } from 'node:fs';
import { type Clock, compile, type Log, messageOf, type Static, Type, writeWhole } from '../kit/index.ts';
import { ReaderMemory } from '../readers/index.ts';

const SAVE_MS = 10 * 60_000;

const MemoryFile = Type.Record(Type.String(), ReaderMemory);
type MemoryFile = Static<typeof MemoryFile>;
const memoryFile = compile(MemoryFile);

type Remembering = { readonly id: string; memory(): ReaderMemory };

/** What supervision knew when the gateway last wrote it. */
export type Memories = {
  /** null for a reader that is new. */
  of(reader: string): ReaderMemory | null;
  /** Writes what the readers know for the last time. */
  close(): void;
};

/**
 * Reads `file`, and writes it every ten minutes. One that is missing or damaged is as good as none: everything in it is
 * learned again.
 */
export function openMemories(
  file: string,
  readers: ReadonlyMap<string, Remembering>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Memories {
  const known = new Map(Object.entries(read(file)));
  const save = () => {
    const all: MemoryFile = Object.fromEntries([...readers].map(([id, reader]) => [id, reader.memory()]));
    try {
      writeWhole(file, JSON.stringify(all));
    } catch (error) {
      log.warn({ file, error: messageOf(error) }, 'what supervision has learned is not written');
    }
  };
  const timer = clock.every(SAVE_MS, save);
  return {
    of: (reader) => known.get(reader) ?? null,
    close: () => {
      timer.cancel();
      save();
    },
  };
}

function read(file: string): MemoryFile {
  try {
    const data: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return memoryFile.fits(data) ? data : {};
  } catch {
    return {};
  }
}
