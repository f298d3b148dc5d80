import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles, replayCaptures } from '../../src/profiles/index.ts';

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

/** Families of UHF readers, by the profile that each of its models extends. */
const uhf = [
  'thingmagic/m6e',
  'magicrf/m100',
  'chafon/uhfreader288',
  'chafon/prime',
  'chainway/ur4',
  'r2000/a0',
  'swct/integrated',
  'nordicid/nur',
];
const text = ['tsl/ascii2', 'alien/ascii'];

test.each([...uhf, ...text])(
  'the family of %s has two models or more, each with ports, power and where it is from',
  (parent) => {
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { id: string; extends?: string });
    const models = sources
      .filter((one) => one.id === parent || one.extends === parent)
      .map(({ id }) => profiles.get(id));
    expect(models.length).toBeGreaterThanOrEqual(2);
    for (const model of models) {
      if (model.kind !== 'bytes' && model.kind !== 'lines') throw new Error(`${model.id} has no line`);
      expect(model.antennas).toBeGreaterThan(0);
      expect(model.port.baud.length).toBeGreaterThan(0);
      expect(model.power.source.length).toBeGreaterThan(10);
      expect(model.sources.length).toBeGreaterThan(0);
    }
  },
);

test('a legal limit says where it is written, and is no more than any law allows', () => {
  for (const profile of profiles.all()) {
    if (profile.kind !== 'bytes') continue;
    for (const { maxEirpDbm, source } of Object.values(profile.regions)) {
      expect(maxEirpDbm ?? 0).toBeLessThanOrEqual(36);
      if (maxEirpDbm !== undefined) expect(source).toMatch(/\d/);
    }
  }
});
