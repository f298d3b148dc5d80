import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { commandProblem } from '../../../src/readers/bytes/limits.ts';
import { problemsWith, readerProblems } from '../../../src/readers/index.ts';
import { scene } from '../../fakes/family-scene.ts';

const shipped = join(import.meta.dirname, '../../../firmware-profiles');
const m100 = () => JSON.parse(readFileSync(join(shipped, 'magicrf/m100.json'), 'utf8'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profiles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The error of loading the shipped profiles and this one more. */
function errorOf(data: unknown): { code: string; file: string; pointer: string; allowed: string } {
  const file = join(folder, 'mine.json');
  writeFileSync(file, typeof data === 'string' ? data : JSON.stringify(data));
  try {
    loadProfiles([shipped, folder]);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const [problem] = error.context['problems'] as { pointer: string; allowed: string }[];
    expect(error.message).toContain(file);
    return {
      code: error.code,
      file: String(error.context['file']),
      pointer: problem?.pointer ?? '',
      allowed: problem?.allowed ?? '',
    };
  }
  throw new Error('it was accepted');
}

test('a folder of the user’s own profiles is loaded beside the shipped ones, and may extend them', () => {
  const mine = { id: 'acme/counter', extends: 'magicrf/m100', vendor: 'Acme', power: { ...m100().power, maxDbm: 20 } };
  mkdirSync(join(folder, 'acme'));
  writeFileSync(join(folder, 'acme/counter.json'), JSON.stringify(mine));
  const profile = loadProfiles([shipped, folder]).get('acme/counter');
  expect(profile).toMatchObject({ kind: 'bytes', vendor: 'Acme', antennas: 1, power: { minDbm: 15, maxDbm: 20 } });
});

test.each([
  ['text that is no JSON', '{"id":', '', 'JSON'],
  ['a list', '[]', '', 'object'],
  ['an unknown kind', { ...m100(), id: 'acme/x', kind: 'carrier-pigeon' }, '/kind', 'bytes, lines, messages or llrp'],
  ['an id that is taken', m100(), '/id', 'does not use'],
  ['an unknown key', { ...m100(), id: 'acme/x', script: 'rm' }, '/script', ''],
  ['a parent that is not there', { id: 'acme/x', extends: 'acme/nobody' }, '/extends', 'id of a loaded profile'],
  ['a profile that extends itself', { id: 'acme/x', extends: 'acme/x' }, '/extends', 'does not extend this one'],
  ['an unknown check', change('framing.0.checks.0.algorithm', 'md5'), '/framing/0/checks/0/algorithm', 'sum8'],
  ['a frame above 64 KiB', change('framing.0.maximum', 70_000), '/framing/0/maximum', '65536'],
  [
    '64 KiB of anything',
    change('framing.0', { ...m100().framing[0], start: undefined, maximum: 65_536 }),
    '/framing/0/maximum',
    '1024',
  ],
  ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000), '', 'at most 32 deep'],
  ['an id that is a word of JavaScript', { ...m100(), id: '__proto__' }, '/id', 'vendor/model'],
  ['a parent that is one', { id: 'acme/x', extends: '__proto__' }, '/extends', 'id of a loaded profile'],
  [
    'a key that is one',
    '{"id":"acme/x","extends":"magicrf/m100","__proto__":{"polluted":1}}',
    '/__proto__',
    'no such key',
  ],
  ['an id that leads out of the folder', { ...m100(), id: '../../etc/passwd' }, '/id', 'vendor/model'],
  [
    'half a megabyte',
    JSON.stringify({ ...m100(), id: 'acme/x', vendor: 'x'.repeat(600_000) }),
    '',
    'at most 524288 bytes',
  ],
  ['a child of another kind', { id: 'acme/x', extends: 'magicrf/m100', kind: 'lines' }, '/ends', 'required'],
  [
    'an error code that is an expression',
    { ...m100(), id: 'acme/x', errors: { ...m100().errors, codes: { '.*': { error: 'noTag' } } } },
    '/errors/codes/.*',
    'no such key',
  ],
  [
    'a check outside the frame',
    change('framing.0.checks.0.at', 500),
    '/framing/0/checks/0',
    'inside the smallest frame',
  ],
  [
    'a template with an unknown value',
    change('commands.setPower.send', '00 B6 {watts:u8}'),
    '/commands/setPower/send',
    'power',
  ],
  ['an operation nobody knows', change('commands.selfDestruct', {}), '/commands/selfDestruct', ''],
  ['a report field nobody reads', change('reports.0.fields.0.name', 'colour'), '/reports/0/fields/0/name', 'rssi'],
  ['an empty list of ranges', change('reports.0.fields.0.ranges', []), '/reports/0/fields/0/ranges', '1'],
  [
    'more ranges than a field may have',
    change('reports.0.fields.0.ranges', Array(17).fill({ from: 1, to: 2, first: 1, step: 1 })),
    '/reports/0/fields/0/ranges',
    '16',
  ],
  [
    'a command taken away that access needs',
    { id: 'acme/x', extends: 'r2000/a0', commands: { clearSelect: null } },
    '/access',
    'an operation',
  ],
  ['a session without a start', change('commands.startInventory', undefined), '/commands', 'startInventory'],
])('%s is refused with file, key and what is allowed', (_name, data, pointer, allowed) => {
  const error = errorOf(data);
  expect(error).toMatchObject({ code: 'PROFILE_INVALID', pointer });
  expect(error.allowed).toContain(allowed);
});

function change(path: string, value: unknown): unknown {
  const profile: Record<string, unknown> = { ...m100(), id: 'acme/x' };
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let holder = profile;
  for (const step of steps) holder = holder[step] as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return profile;
}

test('a folder full of files that are no profiles is left alone', () => {
  cpSync(join(shipped, 'magicrf'), join(folder, 'magicrf'), { recursive: true });
  writeFileSync(join(folder, 'README.md'), '# mine');
  expect(
    loadProfiles([folder])
      .all()
      .map(({ id }) => id),
  ).toEqual(['magicrf/m100', 'magicrf/r200']);
});

const base = { id: 'r', antennas: { '1': 'shelf' } };
const serial = { serial: { path: '/dev/ttyUSB0' } };
const mqtt = { mqtt: { topic: 'a/b' } };

test.each([
  ['an unknown profile', { ...base, profile: 'acme/none', link: serial }, '/profile'],
  ['bytes over MQTT', { ...base, profile: 'magicrf/m100', link: mqtt }, '/link'],
  ['messages over a serial line', { ...base, profile: 'impinj/r700', link: serial }, '/link'],
  ['a region the profile does not list', { ...base, profile: 'magicrf/m100', link: serial, region: 'MOON' }, '/region'],
  [
    'a region that is only a word of JavaScript',
    { ...base, profile: 'magicrf/m100', link: serial, region: 'constructor' },
    '/region',
  ],
  ['power above the module’s limit', { ...base, profile: 'magicrf/m100', link: serial, power: 30 }, '/power'],
  [
    'power of a reader that is configured elsewhere',
    { ...base, profile: 'zebra/iot-connector', link: mqtt, power: 20 },
    '/power',
  ],
  [
    'an antenna the module does not have',
    { ...base, profile: 'magicrf/m100', link: serial, antennas: { '2': 'shelf' } },
    '/antennas/2',
  ],
  [
    'a map for a reader that needs none',
    { ...base, profile: 'impinj/r700', link: mqtt, map: { id: [{ path: 'x' }] } },
    '/map',
  ],
])('a reader configured with %s is one problem at its key', (_name, reader, pointer) => {
  expect(problemsWith(loadProfiles([shipped]), reader).map((problem) => problem.pointer)).toEqual([pointer]);
});

test('a reader within its profile’s limits is no problem', () => {
  const reader = { ...base, profile: 'magicrf/m100', link: serial, region: 'US', power: 20 };
  expect(readerProblems(reader, loadProfiles([shipped]).get('magicrf/m100'))).toEqual([]);
});

test.each([
  ['a device', () => symlinkSync('/dev/zero', join(folder, 'mine.json')), 'regular file'],
  ['a pipe', () => spawnSync('mkfifo', [join(folder, 'mine.json')]), 'regular file'],
  ['a link that leads nowhere', () => symlinkSync(join(folder, 'gone'), join(folder, 'mine.json')), 'one profile'],
  ['a folder', () => mkdirSync(join(folder, 'acme/mine.json'), { recursive: true }), 'regular file'],
])('%s in the place of a profile is an error that names it, and is never read', (_title, make, allowed) => {
  make();
  const load = () => loadProfiles([shipped, folder]);
  expect(load).toThrow(expect.objectContaining({ code: 'PROFILE_INVALID' }));
  expect(load).toThrow(/mine\.json/);
  expect(load).toThrow(allowed);
});

test('a model changes single commands of its parent, takes one away with null, and keeps the rest', () => {
  const { setPower } = m100().commands;
  const mine = {
    id: 'acme/quiet',
    extends: 'magicrf/m100',
    commands: { setPower: { ...setPower, timeoutMs: 900 }, setChannel: null },
  };
  writeFileSync(join(folder, 'quiet.json'), JSON.stringify(mine));
  const profile = loadProfiles([shipped, folder]).get('acme/quiet');
  if (profile.kind !== 'bytes') throw new Error('it speaks bytes');
  expect(profile.commands.setPower?.timeoutMs).toBe(900);
  expect(profile.commands.setChannel).toBeUndefined();
  expect(profile.commands.startInventory).toEqual(m100().commands.startInventory);
});

test('a command that is a word of JavaScript pollutes nothing', () => {
  writeFileSync(
    join(folder, 'mine.json'),
    '{"id":"acme/x","extends":"magicrf/m100","commands":{"__proto__":{"send":"00"}}}',
  );
  expect(() => loadProfiles([shipped, folder])).toThrow('/commands/__proto__');
  expect(({} as Record<string, unknown>)['send']).toBeUndefined();
});

test('five profiles above each other are enough; a longer chain is refused', () => {
  const link = (i: number) =>
    writeFileSync(
      join(folder, `m${i}.json`),
      JSON.stringify({ id: `acme/m${i}`, extends: i === 0 ? 'magicrf/m100' : `acme/m${i - 1}` }),
    );
  for (let i = 0; i < 5; i++) link(i);
  expect(loadProfiles([shipped, folder]).get('acme/m4').vendor).toBe(m100().vendor);
  link(5);
  expect(() => loadProfiles([shipped, folder])).toThrow('at most 5 above each other');
});

test('a folder with more files than anybody has profiles is refused before one is read', () => {
  for (let i = 0; i < 501; i++) writeFileSync(join(folder, `${i}.json`), 'not JSON');
  expect(() => loadProfiles([shipped, folder])).toThrow('501 files');
});

test('links in a circle are an error that names one of them', () => {
  symlinkSync(join(folder, 'b.json'), join(folder, 'a.json'));
  symlinkSync(join(folder, 'a.json'), join(folder, 'b.json'));
  expect(() => loadProfiles([shipped, folder])).toThrow(/a\.json.*ELOOP/);
});

describe('power', () => {
  const shelf = { ...base, profile: 'r2000/a0', link: serial };
  const allowed = (asked: object) =>
    problemsWith(loadProfiles([shipped]), { ...shelf, ...asked }).map(
      ({ pointer, allowed }) => `${pointer} ${allowed}`,
    );

  test('is held to what the region allows at the connector, with the law that says so', () => {
    expect(allowed({ region: 'ETSI', power: 33 })).toEqual([]);
    expect(allowed({ region: 'FCC', power: 30 })).toEqual([]);
    expect(allowed({ region: 'FCC', power: 31 })).toEqual([
      expect.stringMatching(/^\/power 0 to 30 dBm .*47 CFR 15\.247/),
    ]);
  });

  test('is held to what the antenna may radiate where its gain is configured', () => {
    expect(allowed({ region: 'ETSI', power: 29, antennaGain: 6 })).toEqual([]);
    expect(allowed({ region: 'ETSI', power: 30, antennaGain: 6 })).toEqual([
      expect.stringMatching(/^\/power 0 to 29\.15 dBm .*EN 302 208/),
    ]);
    expect(allowed({ region: 'ETSI', power: 33, antennaGain: -2 })).toEqual([]);
  });

  test('that a command asks for is held to the region of the configuration', () => {
    const profile = loadProfiles([shipped]).get('r2000/a0');
    if (profile.kind !== 'bytes') throw new Error('needs bytes');
    const asks = (settings: object) =>
      commandProblem(profile, { ...shelf, region: 'FCC' }, { command: 'configure', settings });
    expect(asks({ power: 30 })).toBeNull();
    expect(asks({ power: 33 })).toContain('0 to 30 dBm');
    expect(asks({ power: 33, region: 'ETSI' })).toBeNull();
  });

  test('of a NUR module is an attenuation below its own greatest', async () => {
    const profile = loadProfiles([shipped]).get('nordicid/nur-10w');
    if (profile.kind !== 'bytes') throw new Error('needs bytes');
    const { clock, line, reader } = scene({ ...profile, power: { ...profile.power, maxDbm: 27 } });
    reader.start();
    await clock.advance(5_000);
    expect(line.written.some((frame) => frame.slice(12).startsWith('220400000000'))).toBe(true);
    expect(problemsOf('nordicid/nur-10w', { power: 30 })).toEqual([]);
    expect(problemsOf('nordicid/nur-05wl2', { power: 30 })).toEqual(['/power']);
    expect(problemsOf('nordicid/nur', { power: 20 })).toEqual(['/power']);
  });
});

function problemsOf(profile: string, asked: object): string[] {
  const reader = { ...base, profile, link: serial, ...asked };
  return problemsWith(loadProfiles([shipped]), reader).map(({ pointer }) => pointer);
}
