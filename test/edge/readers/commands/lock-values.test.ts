import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { lockValues } from '../../../../src/readers/bytes/lock-parts.ts';
import { lockWordOf } from '../../../../src/readers/commands/lock-word.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);
const partwise = profiles
  .all()
  .flatMap((profile) => (profile.kind === 'bytes' && profile.access?.lockParts ? [profile] : []));

test.each(partwise)('$id locks the parts that are named and no other, one at a time', (profile) => {
  const { lockParts, lockTypes } = profile.access ?? {};
  const word = lockWordOf({ epc: 'lock', user: 'permanentUnlock' });
  expect(lockValues(profile, word)).toEqual([
    { lockPart: lockParts?.epc, lockType: lockTypes?.lock },
    { lockPart: lockParts?.user, lockType: lockTypes?.permanentUnlock },
  ]);
});
