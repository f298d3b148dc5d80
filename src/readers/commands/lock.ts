import type { CommandError, MemoryBank } from '../../protocols/index.ts';
import type { Reply, TagAccess, Target } from './access.ts';
import type { ReaderCommand } from './command.ts';
import { lockWordOf } from './lock-word.ts';
import { done, type Ending, failed, refused, type Trail, unsure } from './trail.ts';

type Locks = Extract<ReaderCommand, { command: 'lock' }>['lock'];

export const ZERO_PASSWORD = '00000000';
/** What a tag answers to somebody without the password. */
const shut: readonly CommandError[] = ['locked', 'badPassword'];

const places = {
  killPassword: { bank: 'reserved', word: 0 },
  accessPassword: { bank: 'reserved', word: 2 },
  epc: { bank: 'epc', word: 1 },
  user: { bank: 'user', word: 0 },
} as const satisfies Record<string, { bank: MemoryBank; word: number }>;
type Part = keyof typeof places;

/**
 * Locks or unlocks parts of a tag, then tries the locked ones without the password: done only when they are shut. The TID
 * has nothing to try, and an unlocked part proves nothing: there the reader's word is taken.
 */
export async function lockTag(trail: Trail, access: TagAccess, target: Target, locks: Locks): Promise<Ending> {
  const isOpen = (target.password ?? ZERO_PASSWORD) === ZERO_PASSWORD;
  if (isOpen && Object.values(locks).includes('lock')) {
    return refused('parameter', 'A lock protects nothing while the access password is zero: set one first.');
  }
  const told = await trail.take('lock', access.lock(target, lockWordOf(locks)));
  if (!told.ok && (!told.sent || shut.includes(told.error))) return failed(told.error);
  const parts = partsToTry(locks);
  const open = await firstNotShut(trail, access, target, parts);
  if (open !== null) return unsure(told.ok ? open : told.error);
  return told.ok || parts.length === Object.keys(locks).length ? done() : unsure(told.error);
}

/** What came of the first part that was not found shut; null when all were. */
async function firstNotShut(trail: Trail, access: TagAccess, target: Target, parts: readonly Part[]) {
  for (const part of parts) {
    const tried = await trail.take(`try ${part}`, tryShut(access, target, part));
    if (!tried.ok) return tried.error;
  }
  return null;
}

function partsToTry(locks: Locks): Part[] {
  const named = Object.keys(places) as Part[];
  return named.filter((part) => locks[part] === 'lock' || locks[part] === 'permanentLock');
}

/** Tries what must not work any more, as somebody who does not know the password; with the very word that is there. */
async function tryShut(access: TagAccess, target: Target, part: Part): Promise<Reply<null>> {
  const { bank, word } = places[part];
  const stranger: Target = { ...target, password: null };
  const shown = await access.read(stranger, bank, word, 1);
  const tried = bank === 'reserved' || !shown.ok ? shown : await access.write(stranger, bank, word, shown.value);
  if (tried.ok) return { ok: false, error: 'verify', sent: true };
  return shut.includes(tried.error) ? { ok: true, value: null } : tried;
}
