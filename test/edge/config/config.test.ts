import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../../src/config.ts';
import { formatProblem } from '../../../src/kit/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'silentgate-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = `site: { id: shop-1, name: Shop, gln: "4710088000019" }
data: ./data
http: { host: 127.0.0.1, port: 8080 }
mqtt: { broker: embedded, host: 127.0.0.1, port: 1883 }
locations:
  - { id: back, kind: back-room }
  - { id: floor, kind: sales-floor }
readPoints:
  - { id: dock-in, location: back, kind: portal, bizStep: receiving }
  - { id: shelf-1, location: floor, kind: shelf }
readers:
  - { id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events } }, antennas: { 1: dock-in } }
  - { id: desk-1, profile: magicrf/m100, link: { serial: { path: /dev/ttyUSB0 } }, antennas: { 1: shelf-1 } }
crm:
  - { id: main, url: "https://crm.example.com/hooks", secret: { env: CRM_SECRET }, events: ["item.*"] }
`;

let files = 0;
function read(text: string) {
  const file = join(folder, `${files++}.yaml`);
  writeFileSync(file, text);
  return { file, result: readConfig(file, 'firmware-profiles') };
}

/** Title, what to change in the good file, by what, then line, key, part of what was found, part of what is allowed. */
const wrong: [string, string, string, number, string, string, string][] = [
  ['an unknown key', 'data: ./data', 'dta: ./data', 2, 'dta', './data', 'known keys: site, data'],
  ['a port that is no number', 'port: 8080', 'port: http', 3, 'http.port', '"http"', 'integer'],
  ['a port beyond 65535', 'port: 8080', 'port: 80800', 3, 'http.port', '80800', '65535'],
  [
    'a location kind that does not exist',
    'kind: back-room',
    'kind: backroom',
    6,
    'locations[0].kind',
    '"backroom"',
    '"back-room"',
  ],
  ['a read-point kind that does not exist', 'kind: shelf', 'kind: rack', 10, 'readPoints[1].kind', '"rack"', '"shelf"'],
  [
    'a read point at an unknown location',
    'location: floor',
    'location: flor',
    10,
    'readPoints[1].location',
    '"flor"',
    'back, floor',
  ],
  [
    'an antenna that leads nowhere',
    '{ 1: shelf-1 }',
    '{ 1: shelf-9 }',
    13,
    'readers[1].antennas.1',
    '"shelf-9"',
    'dock-in, shelf-1',
  ],
  [
    'an antenna port 0',
    '{ 1: shelf-1 }',
    '{ 0: shelf-1 }',
    13,
    'readers[1].antennas.0',
    '"shelf-1"',
    'antenna port from 1 on',
  ],
  ['two readers of one id', 'id: desk-1', 'id: dock-1', 13, 'readers[1].id', '"dock-1"', 'no other'],
  ['two read points of one id', 'id: shelf-1', 'id: dock-in', 10, 'readPoints[1].id', '"dock-in"', 'no other'],
  [
    'a profile that is not there',
    'impinj/r700',
    'impinj/r7000',
    12,
    'readers[0].profile',
    '"impinj/r7000"',
    'impinj/r700',
  ],
  [
    'a link that does not exist',
    'serial: { path: /dev/ttyUSB0 }',
    'usb: { path: /dev/ttyUSB0 }',
    13,
    'readers[1].link.usb',
    '/dev/ttyUSB0',
    'known keys: serial, tcp, mqtt',
  ],
  [
    'a link that the profile cannot use',
    'serial: { path: /dev/ttyUSB0 }',
    'mqtt: { topic: a/b }',
    13,
    'readers[1].link',
    'mqtt',
    'serial',
  ],
  [
    'a serial speed in words',
    '/dev/ttyUSB0 }',
    '/dev/ttyUSB0, baudRate: fast }',
    13,
    'readers[1].link.serial.baudRate',
    '"fast"',
    'integer',
  ],
  [
    'an MQTT reader without a broker',
    'mqtt: { broker: embedded, host: 127.0.0.1, port: 1883 }',
    'log: { level: info }',
    12,
    'readers[0].link.mqtt',
    'topic',
    'mqtt section',
  ],
  ['a secret as text', 'secret: { env: CRM_SECRET }', 'secret: hunter2', 15, 'crm[0].secret', 'not shown', 'env'],
  ['a URL that is none', '"https://crm.example.com/hooks"', 'crm.example', 15, 'crm[0].url', 'crm.example', ''],
  ['a site without an id', 'id: shop-1, name: Shop', 'name: Shop', 1, 'site.id', 'nothing', 'required'],
  ['a GLN of 12 digits', '"4710088000019"', '"471008800001"', 1, 'site.gln', '471008800001', '13 digits'],
  ['a key written twice', 'data: ./data', 'data: ./data\ndata: ./other', 3, '', 'unique', 'YAML'],
  ['a list that never closes', 'events: ["item.*"] }', 'events: ["item.*" }', 15, '', '', 'YAML'],
  [
    'a power beyond the profile’s limits',
    'antennas: { 1: shelf-1 }',
    'antennas: { 1: shelf-1 }, power: 33',
    13,
    'readers[1].power',
    '33',
    '26',
  ],
  [
    'a parent that is not there',
    'kind: sales-floor',
    'kind: sales-floor, parent: roof',
    7,
    'locations[1].parent',
    '"roof"',
    'back, floor',
  ],
  [
    'a location above itself',
    'kind: sales-floor',
    'kind: sales-floor, parent: floor',
    7,
    'locations[1].parent',
    '"floor"',
    'tree',
  ],
];

const house = (more: string) => `data: ./data
tags:
  schemes:
    - name: house
      fields:
        - { name: mark, bits: 16, as: hex, equals: "AB01" }
        - { name: gtin, bits: 44, as: digits, size: 13 }
${more}`;
const wrongTags: [title: string, text: string, line: number, key: string, found: string, allowed: string][] = [
  ['a kind of field that is none', house('        - { name: x, bits: 8, as: text }'), 9, 'as', '"text"', 'ascii7'],
  ['hex of broken digits', house('        - { name: x, bits: 7, as: hex }'), 9, 'bits', '7', 'a multiple of 4'],
  [
    'a fixed value that does not fit',
    house('        - { name: x, bits: 4, as: number, equals: "16" }'),
    9,
    'equals',
    '16',
    '4 bits',
  ],
  [
    'digits without their number',
    house('        - { name: x, bits: 8, as: digits }'),
    9,
    'size',
    'nothing',
    'number of digits',
  ],
];

describe('the tags section', () => {
  it('is taken, and the codec knows its schemes and lengths', () => {
    writeFileSync(join(folder, 'lengths.json'), JSON.stringify([{ prefix: '950', gcpLength: 7 }]));
    const { result } = read(good.replace('data: ./data', `${house('  companyPrefixes: lengths.json')}`));
    if (!('config' in result)) throw new Error(JSON.stringify(result.problems));
    const { codec } = result.config;
    expect(codec.identityOf('AB018A5598D5B340').epc.scheme).toBe('house');
    const link = codec.parse('https://id.gs1.org/01/09506000134352/21/7');
    expect(link.ok && link.epc.epcUri).toBe('urn:epc:id:sgtin:9506000.013435.7');
  });

  it.each(wrongTags)('with %s is refused at its place', (_title, text, line, key, found, allowed) => {
    const { result } = read(good.replace('data: ./data', text));
    expect('problems' in result ? result.problems : []).toEqual([
      {
        line,
        key: `tags.schemes[0].fields[2].${key}`,
        found: expect.stringContaining(found),
        allowed: expect.stringContaining(allowed),
      },
    ]);
  });

  it.each([
    ['a GS1 header', house('').replace('AB01', '30AB'), 'tags.schemes[0].fields', 'no GS1 header'],
    ['a list that is not there', 'tags: { companyPrefixes: none.json }', 'tags.companyPrefixes', 'ENOENT'],
    ['a list without lengths', 'tags: { companyPrefixes: empty.json }', 'tags.companyPrefixes', 'holds no entry'],
  ])('with %s is refused', (_title, text, key, allowed) => {
    writeFileSync(join(folder, 'empty.json'), '{}');
    const { result } = read(good.replace('data: ./data', text));
    expect('problems' in result ? result.problems : []).toEqual([
      expect.objectContaining({ key, allowed: expect.stringContaining(allowed) }),
    ]);
  });
});

describe('a configuration file', () => {
  it('that is right is taken, with its references resolved', () => {
    const { file } = read(good);
    const config = loadConfig(file, 'firmware-profiles');
    expect(config.points.map((point) => [point.id, point.locationKind])).toEqual([
      ['dock-in', 'back-room'],
      ['shelf-1', 'sales-floor'],
    ]);
    expect(config.data).toBe(join(folder, 'data'));
  });

  it.each(wrong)(
    'with %s is refused with line, key, what was found and what is allowed',
    (_title, from, to, line, key, found, allowed) => {
      expect(good).toContain(from);
      const { file, result } = read(good.replace(from, to));
      const problems = 'problems' in result ? result.problems : [];
      const named = problems.find((problem) => problem.line === line && problem.key === key);
      expect(named, JSON.stringify(problems)).toBeDefined();
      expect(named?.found).toContain(found);
      expect(named?.allowed).toContain(allowed);
      expect(named && formatProblem(file, named)).toContain(`${file}:${line}: `);
    },
  );

  it('of the demo’s site is refused, so that nobody opens its data folder as a real store’s', () => {
    const { result } = read(good.replace(/site: \{ id: [^,]+/, 'site: { id: demo-store'));
    expect('problems' in result ? result.problems.map(({ key }) => key) : []).toEqual(['site.id']);
  });

  it('with addresses that are none is refused at their place', () => {
    const control = 'control: { url: "http://exa mple", password: { env: P } }';
    const text = `site: { id: s }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf, location: floor, kind: shelf }]
mqtt: { url: "mqtt://[x", username: a, password: { env: P } }
readers: [{ id: a, profile: impinj/r700, link: { mqtt: { topic: rfid/a } }, antennas: { 1: shelf }, ${control} }]
`;
    const { result } = read(text);
    const found = 'problems' in result ? result.problems.map(({ line, key }) => `${line} ${key}`) : [];
    expect(found).toEqual(['4 mqtt.url', '5 readers[0].control.url']);
  });

  it('that is not there is one plain sentence', () => {
    expect(() => loadConfig(join(folder, 'absent.yaml'), 'firmware-profiles')).toThrow(/cannot be read/);
  });

  it('that unfolds into a huge one is refused, not unfolded', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`;
    const { result } = read(bomb);
    expect('problems' in result && result.problems.length).toBeGreaterThan(0);
  });

  it('that has no end is refused in one line', () => {
    const { result } = read('site: &a { id: shop, name: *a }\n');
    expect(result).toEqual({
      problems: [{ line: 1, key: '', found: 'an alias inside the value it stands for', allowed: 'YAML 1.2' }],
    });
  });

  it('reports every mistake of a file at once', () => {
    const { result } = read(
      good.replace('port: 8080', 'port: http').replace('kind: shelf', 'kind: rack').replace('"item.*"', '5'),
    );
    expect('problems' in result && result.problems.map((p) => p.line)).toEqual([3, 10, 15]);
  });
});

describe('files that cannot be a configuration', () => {
  it.each([
    ['nothing', ''],
    ['comments alone', '# to be written\n'],
  ])('that hold %s are told what is needed', (_title, text) => {
    const { file, result } = read(text);
    const lines = 'problems' in result ? result.problems.map((problem) => formatProblem(file, problem)) : [];
    expect(lines).toEqual([`${file}:1: found an empty file; allowed: site, locations, readPoints, readers`]);
  });

  it('above 1 MiB are refused in one line, unread', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `key${i}: 1234`).join('\n');
    expect(() => read(keys)).toThrow(/^The configuration file .*yaml cannot be read: it is larger than 1 MiB[^\n]*$/);
  });

  it('are devices or folders', () => {
    expect(() => readConfig('/dev/zero', 'firmware-profiles')).toThrow('it is not a regular file');
    expect(() => readConfig(folder, 'firmware-profiles')).toThrow('it is not a regular file');
  });
});
