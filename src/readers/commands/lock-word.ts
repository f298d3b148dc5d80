import type { LockWord } from './access.ts';
import type { lockActions, ReaderCommand } from './command.ts';

type Locks = Extract<ReaderCommand, { command: 'lock' }>['lock'];

/** Parts of a tag's memory in the order of the lock word, from its top bits (Gen2v2, table 6.50). */
const parts = ['killPassword', 'accessPassword', 'epc', 'tid', 'user'] as const;

/** Two bits each: write (or read and write) only from the secured state; and that for ever. */
const actions: Readonly<Record<(typeof lockActions)[number], number>> = {
  unlock: 0b00,
  permanentUnlock: 0b01,
  lock: 0b10,
  permanentLock: 0b11,
};

/** The lock word for what is asked; parts that are not named keep their state, because their mask bits are 0. */
export function lockWordOf(locks: Locks): LockWord {
  let mask = 0;
  let action = 0;
  for (const [i, part] of parts.entries()) {
    const wanted = locks[part];
    if (wanted === undefined) continue;
    const shift = 2 * (parts.length - 1 - i);
    mask |= 0b11 << shift;
    action |= actions[wanted] << shift;
  }
  return { mask, action };
}
