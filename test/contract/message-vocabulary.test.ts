import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyPaths, messageFiles, type ProfileFile, usersOf } from '../../scripts/docs/message-vocabulary.ts';
import { loadProfiles, openDecoder } from '../../src/profiles/index.ts';
import { checkProfile } from '../../src/profiles/load.ts';
import { MessageProfile } from '../../src/protocols/vocabulary/message-profile.ts';
import { createMessageSimulator } from '../../src/simulators/message-simulator.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const folder = join(import.meta.dirname, '../../firmware-profiles');
const files = messageFiles(folder);
const vocabulary = keyPaths(MessageProfile);
const profiles = loadProfiles([folder]);
const shipped = files.map(({ id }) => profiles.get(id) as MessageProfile);

/** Keys that serve fewer than two profiles, each with the one it serves. */
function lonely(paths: readonly { readonly path: string }[], from: readonly ProfileFile[]): string[] {
  return paths.flatMap(({ path }) => {
    const users = usersOf({ path }, from);
    return users.length < 2 ? [`${path} serves ${users.join() || 'nobody'}`] : [];
  });
}

/** The profile without this key, wherever it stands. */
function without<T>(value: T, [step, ...rest]: readonly string[]): T {
  if (step === '[]') return (Array.isArray(value) ? value.map((item) => without(item, rest)) : value) as T;
  if (typeof value !== 'object' || value === null || step === undefined || !Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...others } = value as Record<string, unknown>;
  return (rest.length === 0 ? others : { ...value, [step]: without(inner, rest) }) as T;
}
const stepsOf = (path: string) => path.split(/\.|(?=\[\])/);

const captures = join(import.meta.dirname, '../captures');
const recorded = readdirSync(captures, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.payload'))
  .map((file) => ({
    payload: readFileSync(join(captures, file)),
    profile: JSON.parse(readFileSync(join(captures, file.replace(/payload$/, 'json')), 'utf8')).profile as string,
  }));

/** Everything that a profile says: what its captures decode to, and what its simulated reader publishes in a while. */
async function saidBy(profile: MessageProfile): Promise<string> {
  const own = profile.captures.map(({ payload }) => (typeof payload === 'string' ? payload : JSON.stringify(payload)));
  const foreign = recorded.filter((one) => one.profile === profile.id).map(({ payload }) => payload);
  const decoded = [...own, ...foreign].map((payload) => openDecoder(profile).push(payload));
  const clock = manualClock();
  const sent: string[] = [];
  const channel = {
    subscribe: () => undefined,
    publish: async (topic: string, payload: string | Uint8Array) =>
      void sent.push(`${topic} ${Buffer.from(payload).toString()}`),
  };
  const tags = [{ epc: '3034257BF7194E4000001A86', antenna: 1, rssi: -60 }];
  const outlet = { channel, topic: 'data', statusTopic: 'status' };
  const device = createMessageSimulator(profile, { tags, rate: 1, clock, random: () => 0.5 }, outlet);
  await clock.advance(61_000);
  device.away(true);
  await clock.advance(3_000);
  device.away(false);
  await clock.advance(1_000);
  await device.stop();
  return JSON.stringify([decoded, sent]);
}

describe('the vocabulary of a message profile', () => {
  test('has no key that serves fewer than two shipped profiles: what one maker needs is a plug-in', () => {
    expect(vocabulary.length).toBeGreaterThan(30);
    expect(lonely(vocabulary, files)).toEqual([]);
  });

  test.each(shipped.map((profile) => ({ id: profile.id, profile })))(
    'in $id has no key for show: without any of them the profile is refused, or says something else',
    async ({ profile }) => {
      const said = await saidBy(profile);
      const used = vocabulary.filter(({ path }) => usersOf({ path }, [profile]).length > 0);
      expect(used.length).toBeGreaterThan(20);
      const idle: string[] = [];
      for (const { path } of used) {
        const rest = without(profile as Record<string, unknown>, stepsOf(path));
        if (isRefused(rest)) continue;
        if ((await saidBy(checkProfile(rest, path) as MessageProfile)) === said) idle.push(path);
      }
      expect(idle).toEqual([]);
    },
    120_000,
  );

  test('says of every key what it means', () => {
    expect(vocabulary.filter(({ title }) => title.length < 4).map(({ path }) => path)).toEqual([]);
  });

  test('is closed: a key that it does not know is refused wherever it stands, and the known ones are named', () => {
    const places = new Set(vocabulary.map(({ path }) => path.replace(/\.?[^.]+$/, '')));
    for (const place of places) {
      const [file] = usersOf({ path: place }, shipped as unknown as ProfileFile[]);
      const profile = shipped.find(({ id }) => id === file) ?? shipped[0];
      const odd = withOdd(profile as unknown, place === '' ? [] : stepsOf(place)) as Record<string, unknown>;
      expect(() => checkProfile(odd, place)).toThrow(/found .*allowed: no such key here; known keys: /);
    }
    expect(places.size).toBeGreaterThan(8);
  });

  test('leaves open only what holds the messages and outcomes of a maker', () => {
    const open = ['simulate.read', 'simulate.heartbeat', 'captures[].payload', 'captures[].expect[]'];
    expect(openPlaces(MessageProfile).sort()).toEqual(open.sort());
  });
});

describe('the count of users', () => {
  const profile = (id: string, more: object) => ({ id, ...more }) as ProfileFile;

  test('names a key that one maker alone needs, and who that is', () => {
    const paths = [{ path: 'rules[].errors' }, { path: 'rules[].is' }];
    const two = [
      profile('a/a', { rules: [{ is: 'read' }, { is: 'event', errors: { path: 'x' } }] }),
      profile('b/b', { rules: [{ is: 'read' }] }),
    ];
    expect(lonely(paths, two)).toEqual(['rules[].errors serves a/a']);
  });

  test('looks into lists, and into objects whose keys have any name', () => {
    const code = { type: 'object', properties: { means: { title: 'x' } } };
    const table = { type: 'object', patternProperties: { '^.*$': code } };
    const schema = { properties: { rules: { items: { properties: { codes: table } } } } };
    const paths = keyPaths(schema);
    expect(paths.map(({ path }) => path)).toEqual(['rules', 'rules[].codes', 'rules[].codes.*.means']);
    const two = [profile('a/a', { rules: [{ codes: { '11': { means: 'busy' } } }] }), profile('b/b', { rules: [{}] })];
    expect(lonely(paths, two)).toEqual(['rules[].codes serves a/a', 'rules[].codes.*.means serves a/a']);
  });

  test('does not count a key that says nothing, nor what a child only inherits', () => {
    const paths = [{ path: 'flag' }, { path: 'commands' }];
    const two = [
      profile('a/a', { flag: true, commands: { over: 'mqtt' } }),
      profile('a/b', { extends: 'a/a', flag: false, commands: {} }),
    ];
    expect(lonely(paths, two)).toEqual(['flag serves a/a', 'commands serves a/a']);
  });
});

type Schema = Readonly<Record<string, unknown>>;

/** Where a schema takes what it does not describe. */
function openPlaces(schema: Schema, above = ''): string[] {
  const { type, properties, items, anyOf, additionalProperties } = schema;
  const under = Object.entries((properties ?? {}) as Record<string, Schema>);
  const named = under.flatMap(([key, value]) => openPlaces(value, above === '' ? key : `${above}.${key}`));
  const listed = items === undefined ? [] : openPlaces(items as Schema, `${above}[]`);
  const either = ((anyOf ?? []) as Schema[]).flatMap((variant) => openPlaces(variant, above));
  const isConst = Object.hasOwn(schema, 'const');
  const isOpen =
    (type === undefined && anyOf === undefined && !isConst) || (type === 'object' && additionalProperties !== false);
  return [...(isOpen ? [above] : []), ...named, ...listed, ...either];
}

function isRefused(data: Record<string, unknown>): boolean {
  try {
    checkProfile(data, 'test');
    return false;
  } catch {
    return true;
  }
}

/** A copy with a key that nobody knows in the objects at that place. */
function withOdd(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === '[]') return Array.isArray(value) ? value.map((item) => withOdd(item, rest)) : value;
  const known = value as Record<string, unknown>;
  if (step === undefined) return { ...known, oddKey: 1 };
  return Object.hasOwn(known, step) ? { ...known, [step]: withOdd(known[step], rest) } : known;
}
