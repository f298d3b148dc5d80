import type { TagAccess, Target } from './access.ts';
import { done, type Ending, type Trail } from './trail.ts';
import { writeVerified } from './verified-write.ts';

type Passwords = { readonly access: string | undefined; readonly kill: string | undefined };

/** Kill password in words 0 and 1 of the reserved bank, access password in 2 and 3 (Gen2v2, 6.3.2.1.1). */
export async function setPasswords(trail: Trail, access: TagAccess, target: Target, wanted: Passwords) {
  let password = target.password;
  let ending: Ending = done();
  for (const [name, word, value] of [
    ['kill password', 0, wanted.kill],
    ['access password', 2, wanted.access],
  ] as const) {
    if (value === undefined) continue;
    const next = name === 'access password' ? value : password;
    const own = (key: string | null): Target => ({ ...target, password: key });
    const current = password;
    ending = await writeVerified(trail, {
      name,
      look: () => access.read(own(current), 'reserved', word, 2),
      write: () => access.write(own(current), 'reserved', word, value),
      lookAgain: () => access.read(own(next), 'reserved', word, 2),
      isWanted: (seen) => seen === value,
    });
    if (ending.outcome !== 'done') return afterFirst(trail, ending);
    password = next;
  }
  // What was read back is a secret.
  return done();
}

/** A failure after something was done leaves the tag half done. */
function afterFirst(trail: Trail, { outcome, error }: Ending): Ending {
  const half = outcome === 'failed' && trail.steps.some(({ step, ok }) => ok && step.startsWith('write'));
  return { outcome: half ? 'unsure' : outcome, error };
}
