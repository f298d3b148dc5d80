import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles, replayCaptures } from '../../src/readers/index.ts';

const folder = join(import.meta.dirname, '../../firmware-profiles');
const profiles = loadProfiles([folder]);

describe.each(profiles.all().map((profile) => ({ id: profile.id, profile })))('profile $id', ({ id, profile }) => {
  test('stands in the file that its id names', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files).toContain(`${id}.json`);
  });

  test('has captures, and each decodes to what it says', () => {
    const replayed = replayCaptures(profile);
    expect(replayed.length).toBeGreaterThan(0);
    expect(replayed.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('has a page in docs/readers', () => {
    const pages = readdirSync(join(folder, '../docs/readers'));
    expect(pages).toContain(`${id.split('/')[0]}.md`);
  });
});

test('every file in firmware-profiles is a profile that was loaded', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  expect(files.map((file) => file.replace(/\.json$/, '')).sort()).toEqual(profiles.all().map(({ id }) => id));
});
