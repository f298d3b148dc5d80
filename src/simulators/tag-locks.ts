import type { MemoryBank } from '../protocols/index.ts';

/** Parts of a tag's memory in the order of the lock word, two bits each (Gen2v2, table 6.50). */
const parts = ['kill', 'access', 'epc', 'tid', 'user'] as const;
type Part = (typeof parts)[number];

export const NO_PASSWORD = '00000000';

/** Who may do what on a simulated tag; null is yes. */
export type TagLocks = {
  /** `badPassword` for a password that is neither absent nor the tag's. */
  passwordProblem(password: string | null): 'badPassword' | null;
  /** Whether words of a bank may be written, or, in the reserved bank, be seen at all. */
  problem(bank: MemoryBank, word: number, words: number, password: string | null): 'badPassword' | 'locked' | null;
  /** Carries a lock word out: 10 mask and 10 action bits. */
  apply(mask: number, action: number, password: string | null): 'badPassword' | 'locked' | null;
};

/** `accessPassword` gives the tag's own at that moment. A TID is shut for ever by its maker. */
export function createTagLocks(accessPassword: () => string): TagLocks {
  const locks: Record<Part, number> = { kill: 0, access: 0, epc: 0, tid: 0b11, user: 0 };
  const passwordProblem = (password: string | null) => {
    const own = accessPassword();
    const given = password ?? NO_PASSWORD;
    return own === NO_PASSWORD || given === NO_PASSWORD || given === own ? null : 'badPassword';
  };
  // A tag without an access password is always in the secured state (Gen2v2, 6.3.2.6.5).
  const isSecured = (password: string | null) => [NO_PASSWORD, password].includes(accessPassword());
  const isShut = (part: Part, password: string | null) =>
    locks[part] === 0b11 || (locks[part] === 0b10 && !isSecured(password));
  return {
    passwordProblem,
    problem: (bank, word, words, password) =>
      passwordProblem(password) ??
      (partsAt(bank, word, words).some((part) => isShut(part, password)) ? 'locked' : null),
    apply: (mask, action, password) => {
      const problem = passwordProblem(password);
      if (problem !== null) return problem;
      const next = parts.map((part, i) => ({
        part,
        was: locks[part],
        now: replaced(locks[part], pair(mask, i), pair(action, i)),
      }));
      // What is permanent stays as it is.
      if (!isSecured(password) || next.some(({ was, now }) => (was & 1) === 1 && now !== was)) return 'locked';
      for (const { part, now } of next) locks[part] = now;
      return null;
    },
  };
}

/** The two passwords are guarded each by its own part. */
function partsAt(bank: MemoryBank, word: number, words: number): readonly Part[] {
  if (bank !== 'reserved') return [bank];
  if (word >= 2) return ['access'];
  return word + words <= 2 ? ['kill'] : ['kill', 'access'];
}

function replaced(old: number, mask: number, action: number): number {
  return (old & ~mask) | (action & mask);
}

function pair(word: number, index: number): number {
  return (word >> (2 * (parts.length - 1 - index))) & 0b11;
}
