import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { Conversation } from '../../../src/readers/bytes/conversation.ts';
import { askIdentity } from '../../../src/readers/bytes/identity.ts';

const profile = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles/magicrf/m100.json')]).get(
  'magicrf/m100',
);

test.each([
  [{ text: 'M100 26dBm V1.0' }, 'M100 26dBm V1.0'],
  [{ model: 'M6e', text: 'any more that it says' }, 'M6e'],
])(
  'of a reader that answers %j the model is %s: a text is its name only where it says no other',
  async (fields, model) => {
    if (profile.kind !== 'bytes') throw new Error('no profile of bytes');
    const talk = { ask: () => Promise.resolve({ fields }) } as unknown as Conversation;
    const onlyNamed = { ...profile, commands: {} };
    expect(await askIdentity(onlyNamed, talk, new AbortController().signal)).toEqual({ model });
  },
);
