import type { ByteProfile, TemplateValues } from '../../protocols/index.ts';
import type { LockWord } from '../commands/access.ts';

/** Parts of a tag's memory in the order of the lock word, and what its two action bits do (Gen2v2, table 6.50). */
export const lockParts = ['killPassword', 'accessPassword', 'epc', 'tid', 'user'] as const;
export const lockTypes = ['unlock', 'permanentUnlock', 'lock', 'permanentLock'] as const;

/** What templates may say of a lock: once, or once for each part where the family locks one at a time. */
export function lockValues({ access }: ByteProfile, { mask, action }: LockWord): readonly TemplateValues[] {
  const parts = access?.lockParts;
  const types = access?.lockTypes;
  if (parts === undefined || types === undefined) {
    return [{ lockMask: mask, lockAction: action, lockWord: mask * 1024 + action }];
  }
  return lockParts.flatMap((part, i) => {
    const type = lockTypes[pair(action, i)];
    return pair(mask, i) === 0 || type === undefined ? [] : [{ lockPart: parts[part], lockType: types[type] }];
  });
}

/** The two bits of one part. */
export function pair(word: number, index: number): number {
  return (word >> (2 * (lockParts.length - 1 - index))) & 0b11;
}
