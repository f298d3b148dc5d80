import type { CommandError } from '../../protocols/index.ts';
import type { Reply } from './access.ts';
import { done, type Ending, failed, type Trail, unsure } from './trail.ts';

/** Answers that prove that the tag took nothing. */
const harmless: readonly CommandError[] = ['locked', 'badPassword', 'parameter', 'unsupported', 'memory', 'power'];

export type VerifiedWrite = {
  /** Prefix of the steps' names, where one command writes more than once. */
  readonly name?: string;
  look(): Promise<Reply<string>>;
  write(): Promise<Reply<null>>;
  /** How it is looked at afterwards, where that differs (another EPC, another password). */
  lookAgain?(): Promise<Reply<string>>;
  /** Whether the words that were read are what was to be written. */
  isWanted(words: string): boolean;
};

/**
 * Looks, writes, and looks again. Whatever the reader says of the write, what counts is what stands on the tag: done only
 * when it was read back; failed when the tag is seen to be as before or cannot have taken anything; else unsure.
 */
export async function writeVerified(trail: Trail, { name, look, write, lookAgain, isWanted }: VerifiedWrite) {
  const step = (word: string) => (name === undefined ? word : `${word} ${name}`);
  const before = await trail.take(step('look'), look());
  if (!before.ok) return failed(before.error);
  if (isWanted(before.value)) return done({ data: before.value });
  const written = await trail.take(step('write'), write());
  if (!written.ok && !written.sent) return failed(written.error);
  const after = await trail.take(step('verify'), (lookAgain ?? look)());
  return judge(before.value, written, after, isWanted);
}

function judge(
  before: string,
  written: Reply<null>,
  after: Reply<string>,
  isWanted: (words: string) => boolean,
): Ending {
  const complaint = written.ok ? 'verify' : written.error;
  if (!after.ok) {
    const untouched = !written.ok && harmless.includes(written.error);
    return untouched ? failed(complaint) : unsure(written.ok ? after.error : complaint);
  }
  if (isWanted(after.value)) return done({ data: after.value });
  return after.value === before ? failed(complaint, { data: before }) : unsure(complaint, { data: after.value });
}
