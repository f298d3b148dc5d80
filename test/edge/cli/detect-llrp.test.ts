import { expect, test } from 'vitest';
import { findLlrp } from '../../../src/cli/reader/detect/llrp.ts';
import type { DetectFlags } from '../../../src/cli/reader/detect/search.ts';
import { silentLog, systemClock } from '../../../src/kit/index.ts';

const deps = { clock: systemClock, log: silentLog, random: () => 0.5 };
/** More than a thousand addresses, all of them this machine; nothing listens on LLRP's ports there. */
const many = '127.77.0.0/21';
const search = (flags: Partial<DetectFlags>) =>
  findLlrp({ flags: { seconds: 0, ...flags } as DetectFlags, deps, profiles: [] });

test('a large subnet is only asked when somebody says so twice', async () => {
  await expect(search({ scan: many })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  await expect(search({ scan: many, yes: false })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  expect(await search({ scan: many, yes: true })).toMatchObject({ readers: 0, lines: ['No LLRP reader was found.'] });
});
