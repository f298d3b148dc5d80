import type { CommandError, MemoryBank } from '../../protocols/index.ts';
import type { Preselect } from '../../tags/index.ts';
import type { ReaderSettings, TagSelect } from './command.ts';

/**
 * The answer to one step. `sent: false`: nothing went out, so nothing can have changed; else an error without answer
 * leaves open what the tag did.
 */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CommandError; readonly sent: boolean };

export type Target = { readonly tag: TagSelect; readonly antenna: number | null; readonly password: string | null };

/** A Gen2 lock word: 10 mask bits and 10 action bits (Gen2v2, table 6.50): kill, access, EPC, TID, USER. */
export type LockWord = { readonly mask: number; readonly action: number };

/** What one reader can do to one tag, step by step, without looking back: `run` does the looking back. Hex is upper-case. */
export type TagAccess = {
  /** By what a tag can be singled out, and which steps the reader has. */
  readonly selectBy: readonly ('epc' | 'tid')[];
  readonly can: readonly ('read' | 'write' | 'lock' | 'kill' | 'preselect')[];
  /** `preselect`, given only to readers that have it, is sent before the read, for chips that measure then. */
  read(target: Target, bank: MemoryBank, word: number, words: number, preselect?: Preselect): Promise<Reply<string>>;
  write(target: Target, bank: MemoryBank, word: number, data: string): Promise<Reply<null>>;
  /** Writes PC and EPC in one step; `pc` keeps the tag's own numbering and attribute bits. */
  writeEpc(target: Target, pc: string, epc: string): Promise<Reply<null>>;
  lock(target: Target, word: LockWord): Promise<Reply<null>>;
  kill(target: Target, killPassword: string): Promise<Reply<null>>;
};

/** What a reader kind gives so that commands run on it. Absent parts are answered `unsupported`. */
export type Control = {
  /** Why nothing can be asked now, or null. */
  unready(): CommandError | null;
  identify?(): Promise<Reply<Readonly<Record<string, string | number>>>>;
  start?(): Promise<Reply<null>>;
  stop?(): Promise<Reply<null>>;
  /** Settings have passed the profile's limits. */
  configure?(settings: ReaderSettings): Promise<Reply<null>>;
  access?: TagAccess;
  /** Has the reader to itself: inventory rests while `run` runs and goes on afterwards, whatever happens. */
  exclusively<T>(run: () => Promise<T>): Promise<T>;
};

/** Of a reader that can only be listened to. */
export const noControl: Control = { unready: () => null, exclusively: (run) => run() };
