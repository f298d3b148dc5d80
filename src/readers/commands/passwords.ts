import type { TagAccess, Target } from './access.ts';
import { done, type Ending, type Trail } from './trail.ts';
import { writeVerified } from './verified-write.ts';

type Passwords = { readonly access: string | undefined; readonly kill: string | undefined };

/** Kill password in words 0 and 1 of the reserved bank, access password in 2 and 3 (Gen2v2, 6.3.2.1.1). */
export async function setPasswords(trail: Trail, access: TagAccess, target: Target, wanted: Passwords) {
  let password = target.password;
  let isBegun = false;
  for (const [name, word, value] of [
    ['kill password', 0, wanted.kill],
    ['access password', 2, wanted.access],
  ] as const) {
    if (value === undefined) continue;
    const next = name === 'access password' ? value : password;
    const own = (key: string | null): Target => ({ ...target, password: key });
    const current = password;
    const ending: Ending = await writeVerified(trail, {
      name,
      look: () => access.read(own(current), 'reserved', word, 2),
      write: () => access.write(own(current), 'reserved', word, value),
      lookAgain: () => access.read(own(next), 'reserved', word, 2),
      isWanted: (seen) => seen === value,
    });
    if (ending.outcome !== 'done') return afterFirst(isBegun, ending);
    // Whatever was answered to the write: what was read back says that it was done.
    isBegun = trail.steps.some(({ step }) => step.startsWith('write'));
    password = next;
  }
  // What was read back is a secret.
  return done();
}

/** A failure after something was done leaves the tag half done. */
function afterFirst(isBegun: boolean, { outcome, error }: Ending): Ending {
  return { outcome: isBegun && outcome === 'failed' ? 'unsure' : outcome, error };
}
