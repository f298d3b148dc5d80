import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const good = `site: { id: shop-1 }
mqtt: { broker: embedded }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - { id: desk-1, profile: magicrf/m100, link: { serial: { path: /dev/ttyUSB0 } }, antennas: { 1: shelf-1 } }
  - { id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1 } }, antennas: { 1: shelf-1 } }
crm: [{ id: main, url: "https://crm.example.com/hooks", secret: { env: CRM_SECRET } }]
`;

const secret = `whsec_${'c2VjcmV0'.repeat(4)}`;

function check(text: string | null, name = 'silentgate.yaml', env: Record<string, string> = { CRM_SECRET: secret }) {
  if (text !== null) writeFileSync(join(folder.path, name), text);
  return command(folder.path, name === 'silentgate.yaml' ? ['check'] : ['check', '--config', name], undefined, env);
}

describe('silentgate check', () => {
  it('says that a good file is good and exits 0', () => {
    const done = check(good);
    expect(done).toEqual({ code: 0, out: 'silentgate.yaml: good; 2 readers, 1 read points.\n', err: '' });
  });

  it.each([
    [
      'a wrong word',
      good.replace('kind: shelf', 'kind: rack'),
      /^wrong\.yaml:4: readPoints\[0\]\.kind: found "rack"; allowed: one of "portal", "shelf".*"access"$/,
    ],
    [
      'an unknown key',
      good.replace('topic: rfid/dock-1', 'topik: rfid/dock-1'),
      /^wrong\.yaml:7: readers\[1\]\.link\.mqtt\.topik: found "rfid\/dock-1"; allowed: no such key here; known keys: topic, statusTopic/,
    ],
    [
      'a reference to nothing',
      good.replace('{ 1: shelf-1 } }\ncrm', '{ 1: shelf-9 } }\ncrm'),
      /^wrong\.yaml:7: readers\[1\]\.antennas\.1: found "shelf-9"; allowed: one of shelf-1$/,
    ],
    [
      'a secret in the file',
      good.replace('{ env: CRM_SECRET }', 'hunter2'),
      /^wrong\.yaml:8: crm\[0\]\.secret: found .+; allowed: \{ env: NAME \} or \{ file: PATH \}, never the secret itself$/,
    ],
    [
      'a profile that is not there',
      good.replace('magicrf/m100', 'magicrf/m1000'),
      /^wrong\.yaml:6: readers\[0\]\.profile: found "magicrf\/m1000"; allowed: .*magicrf\/m100/,
    ],
    [
      'a broken list',
      good.replace('kind: shelf }]', 'kind: shelf }'),
      /^wrong\.yaml:\d+: found .+; allowed: YAML 1\.2$/,
    ],
    ['a key twice', `${good}site: { id: other }\n`, /^wrong\.yaml:9: found .*unique.*; allowed: YAML 1\.2$/],
    ['nothing in it', '', /^wrong\.yaml:1: found an empty file; allowed: site, locations, readPoints, readers$/],
    ['a list where a map should be', '- site\n', /^wrong\.yaml:1: found \["site"\]; allowed: object/],
  ])('names file, line, key, what was found and what is allowed for %s, and exits 1', (_title, text, line) => {
    const done = check(text, 'wrong.yaml');
    expect(done.out).toBe('');
    expect(
      done.err
        .trim()
        .split('\n')
        .some((said) => line.test(said)),
      done.err,
    ).toBe(true);
    expect(done.code).toBe(1);
  });

  it('names every mistake, each on a line of its own, in the order of the file', () => {
    const text = good
      .replace('sales-floor', 'salesfloor')
      .replace('kind: shelf', 'kind: rack')
      .replace('https:', 'ftp:');
    const lines = check(text, 'wrong.yaml').err.trim().split('\n');
    expect(lines.map((line) => line.split(': found')[0])).toEqual([
      'wrong.yaml:3: locations[0].kind',
      'wrong.yaml:4: readPoints[0].kind',
      'wrong.yaml:8: crm[0].url',
    ]);
  });

  it('never prints a secret that was written into the file', () => {
    expect(check(good.replace('{ env: CRM_SECRET }', 'hunter2'), 'wrong.yaml').err).not.toContain('hunter2');
    const nested = good.replace('{ env: CRM_SECRET }', '{ value: hunter2 }');
    expect(check(nested, 'wrong.yaml').err).not.toContain('hunter2');
    const password = good.replace('broker: embedded', 'url: "mqtt://broker", password: hunter2');
    expect(check(password, 'wrong.yaml').err).not.toContain('hunter2');
    const inUrl = good.replace('broker: embedded', 'url: "mqtt://shop:hunter2@broker"');
    expect(check(inUrl, 'wrong.yaml').err).not.toContain('hunter2');
    const noList = good.replace(/crm: \[(.*)\]/, 'crm: $1').replace('{ env: CRM_SECRET }', 'hunter2');
    expect(check(noList, 'wrong.yaml').err).not.toContain('hunter2');
  });

  it('says in one line that a file is not there, and start says the same', () => {
    for (const name of ['check', 'start']) {
      const done = command(folder.path, [name, '--config', 'absent.yaml']);
      expect(done.err).toMatch(/^The configuration file absent\.yaml cannot be read: .*\n$/);
      expect(done.code).toBe(1);
    }
  });

  it('is what start says of the same file', () => {
    const checked = check(good.replace('kind: shelf', 'kind: rack'), 'wrong.yaml');
    const started = command(folder.path, ['start', '--config', 'wrong.yaml'], undefined, { CRM_SECRET: secret });
    expect(started.err).toBe(checked.err);
    expect(started.code).toBe(1);
  });

  it('tells of a bad profile of one’s own by file and key', () => {
    writeFileSync(join(folder.path, 'mine.json'), '{"id":"my/reader","kind":"bytes"}');
    const done = check(`${good}profiles: .\n`, 'wrong.yaml');
    expect(done.err).toContain('mine.json');
    expect(done.code).toBe(1);
  });

  it.each([
    ['is not set', {}, 'not set or empty'],
    ['is empty', { CRM_SECRET: '' }, 'not set or empty'],
    ['is no base64', { CRM_SECRET: 'whsec_xyz!' }, 'is not base64'],
    ['has quotes', { CRM_SECRET: `"${secret}"` }, 'has quotes'],
    ['begins with v1,', { CRM_SECRET: `v1,${secret}` }, 'begins with a version'],
    ['is a plain text', { CRM_SECRET: 'hunter2hunter2hunter2hunter2' }, 'does not begin with whsec_'],
    ['is too short', { CRM_SECRET: 'whsec_aHVudGVyMg==' }, 'holds 7 bytes; 24 to 64 are allowed'],
  ])('finds a webhook secret that %s, as start does, and prints none of it', (_what, env, said) => {
    writeFileSync(join(folder.path, 'wrong.yaml'), good);
    for (const name of ['check', 'start']) {
      const unset = { CRM_SECRET: '', ...env };
      const done = command(folder.path, [name, '--config', 'wrong.yaml'], undefined, unset);
      expect(done.err).toMatch(/^wrong\.yaml:8: crm\[0\]\.secret: found /);
      expect(done.err).toContain(said);
      expect(done.err).not.toMatch(/hunter2|c2VjcmV0|aHVudGVyMg|xyz/);
      expect(done.code).toBe(1);
    }
  });

  it('finds a password file that is not there, wherever in the file it is named', () => {
    const url = 'url: "mqtt://127.0.0.1:1", username: g, password: { file: ./absent }';
    const done = check(good.replace('broker: embedded', url), 'wrong.yaml');
    expect(done.err).toMatch(/^wrong\.yaml:2: mqtt\.password: found .*absent cannot be read/);
    expect(done.code).toBe(1);
  });

  it.each([
    ['4710088000018', 'a GLN whose check digit is 9'],
    ['4710088000017', 'a GLN whose check digit is 9'],
    ['471008800001', 'a GLN of 13 digits'],
  ])('refuses the GLN %s', (gln, allowed) => {
    const done = check(good.replace('id: shop-1', `id: shop-1, gln: "${gln}"`), 'wrong.yaml');
    expect(done.err).toMatch(/^wrong\.yaml:1: site\.gln: found "\d+"; allowed: /);
    expect(done.err).toContain(allowed);
    expect(check(good.replace('id: shop-1', 'id: shop-1, gln: "4710088000019"'), 'good.yaml').code).toBe(0);
  });
});
