import type { CommandError, MemoryBank } from '../protocols/index.ts';
import { type HeardSelect, type SimulatedSensor, withSensor } from './sensor-tag.ts';
import { createTagLocks, NO_PASSWORD } from './tag-locks.ts';

type TagError = Extract<CommandError, 'locked' | 'badPassword' | 'memory' | 'tag' | 'noTag'>;
/** What a tag answers; `data` is upper-case hex, empty where there is nothing to say. */
export type TagAnswer = { readonly ok: true; readonly data: string } | { readonly ok: false; readonly error: TagError };

/**
 * A Gen2 tag as far as readers can tell: four banks, two passwords, lock state, death (Gen2v2, 6.3.2). Passwords are 8 hex
 * digits; null is none.
 */
export type TagMemory = {
  readonly tid: string;
  epc(): string;
  pc(): string;
  isAlive(): boolean;
  /** The Select that the reader sends before what it does next; null is none. */
  hear(select: HeardSelect | null): void;
  read(bank: MemoryBank, word: number, words: number, password: string | null): TagAnswer;
  write(bank: MemoryBank, word: number, data: string, password: string | null): TagAnswer;
  /** 10 mask and 10 action bits. */
  lock(mask: number, action: number, password: string | null): TagAnswer;
  kill(password: string): TagAnswer;
};

/** `epc` is hex of whole words; without `tid` the tag gets one that no other simulated tag has. */
export type TagContent = {
  readonly epc: string;
  readonly tid?: string;
  readonly userWords?: number;
  /** Four hold the passwords; sensor chips show their codes behind them. */
  readonly reservedWords?: number;
  readonly sensor?: SimulatedSensor;
};

/** Smallest room for an EPC, in words: a tag that holds 96 bits takes 128 as well. */
const EPC_ROOM = 8;

export function createTagMemory(content: TagContent): TagMemory {
  const memory = createBanks(content);
  return content.sensor === undefined ? memory : withSensor(memory, content.sensor);
}

function createBanks({ epc, tid = tidFor(epc), userWords = 32, reservedWords = 4 }: TagContent): TagMemory {
  const banks: Record<MemoryBank, string> = {
    reserved: '0000'.repeat(reservedWords),
    // Word 0 is the CRC, which nobody asks a simulated tag for.
    epc: `0000${pcFor(epc)}${epc}`.padEnd(4 * (2 + EPC_ROOM), '0'),
    tid,
    user: '0000'.repeat(userWords),
  };
  const locks = createTagLocks(() => banks.reserved.slice(8, 16));
  const life = { alive: true };
  const alive = (answer: () => TagAnswer) => (): TagAnswer => (life.alive ? answer() : failed('noTag'));
  const pc = () => banks.epc.slice(4, 8);
  const kill = (password: string): TagAnswer => {
    const own = banks.reserved.slice(0, 8);
    if (own === NO_PASSWORD || own !== password) return failed(own === NO_PASSWORD ? 'tag' : 'badPassword');
    life.alive = false;
    return told('');
  };
  return {
    tid,
    epc: () => banks.epc.slice(8, 8 + 4 * (Number.parseInt(pc(), 16) >> 11)),
    pc,
    isAlive: () => life.alive,
    hear: () => undefined,
    read: (bank, word, words, password) =>
      alive(() => {
        const problem =
          bank === 'reserved' ? locks.problem(bank, word, words, password) : locks.passwordProblem(password);
        if (problem !== null) return failed(problem);
        const data = banks[bank].slice(4 * word, 4 * (word + words));
        return data.length < 4 * words ? failed('memory') : told(data);
      })(),
    write: (bank, word, data, password) =>
      alive(() => {
        const problem = locks.problem(bank, word, data.length / 4, password);
        if (problem !== null) return failed(problem);
        const end = 4 * word + data.length;
        if (end > banks[bank].length) return failed('memory');
        banks[bank] = banks[bank].slice(0, 4 * word) + data + banks[bank].slice(end);
        return told('');
      })(),
    lock: (mask, action, password) =>
      alive(() => {
        const problem = locks.apply(mask, action, password);
        return problem === null ? told('') : failed(problem);
      })(),
    kill: (password) => alive(() => kill(password))(),
  };
}

const failed = (error: TagError): TagAnswer => ({ ok: false, error });
const told = (data: string): TagAnswer => ({ ok: true, data });

function pcFor(epc: string): string {
  return ((epc.length / 4) << 11).toString(16).toUpperCase().padStart(4, '0');
}

/** A TID of 96 bits as of an Impinj chip; its serial is a hash of the EPC (FNV-1a and a second round of it). */
function tidFor(epc: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (const character of epc) {
    low = Math.imul(low ^ character.charCodeAt(0), 0x01000193) >>> 0;
    high = (Math.imul(high, 0x85ebca6b) ^ low) >>> 0;
  }
  const serial = (high >>> 16).toString(16).padStart(4, '0') + low.toString(16).padStart(8, '0');
  return `E28011602000${serial}`.toUpperCase();
}
