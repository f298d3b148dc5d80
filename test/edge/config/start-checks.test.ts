import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { pemFaults, renewalDue } from '../../../src/kit/index.ts';
import { filterFits, filtersOverlap, parseFilter } from '../../../src/links/topic-filter.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'silentgate-checks-'));
  symlinkSync('/dev/null', join(folder, 'by-id'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pem = (name: string) => join(import.meta.dirname, `../api/${name}.pem`);

function read(parts: { http?: string; mqtt?: string; readers?: string[] }, env: Record<string, string> | null) {
  const { http = '{}', mqtt = '{ broker: embedded }', readers = [] } = parts;
  const file = join(folder, 'silentgate.yaml');
  writeFileSync(
    file,
    `site: { id: shop }
http: ${http}
mqtt: ${mqtt}
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: [${readers.map((one, i) => `{ id: r${i + 1}, ${one}, antennas: { 1: shelf-1 } }`).join(', ')}]
`,
  );
  return readConfig(file, 'firmware-profiles', env);
}

function keysOf(...args: Parameters<typeof read>): string[] {
  const result = read(...args);
  return 'problems' in result ? result.problems.map(({ line, key }) => `${line} ${key}`) : [];
}

function warningsOf(parts: Parameters<typeof read>[0]): string[] {
  const result = read(parts, null);
  return 'warnings' in result ? result.warnings.map(({ line, key }) => `${line} ${key}`) : ['refused'];
}

const serial = (path: string) => `profile: magicrf/m100, link: { serial: { path: ${path} } }`;
const tcp = (link: string) => `profile: magicrf/m100, link: { tcp: { ${link} } }`;
const topic = (name: string) => `profile: impinj/r700, link: { mqtt: { topic: "${name}" } }`;

describe('what would keep a gateway from starting', () => {
  it('is looked at for check and start, and not for commands that only need the data folder', () => {
    const readers = [serial('/dev/null'), serial(join(folder, 'by-id'))];
    expect(keysOf({ readers }, {})).toEqual(['6 readers[1].link.serial.path']);
    expect(keysOf({ readers }, null)).toEqual([]);
  });

  it.each([
    ['a device that is not plugged in', [serial('/dev/ttyX'), serial('/dev/../dev/ttyX')], true],
    ['two devices', [serial('/dev/ttyX'), serial('/dev/ttyY')], false],
    ['one host in two spellings', [tcp('host: READER, port: 1'), tcp('host: reader, port: 1')], true],
    ['two hosts', [tcp('host: a, port: 1'), tcp('host: b, port: 1')], false],
    [
      'a listener on all addresses',
      [tcp('host: 127.0.0.1, port: 9, listen: true'), tcp('host: "::", port: 9, listen: true')],
      true,
    ],
    [
      'listeners on two addresses',
      [tcp('host: 127.0.0.1, port: 9, listen: true'), tcp('host: 127.0.0.2, port: 9, listen: true')],
      false,
    ],
    [
      'a listener and a dialled reader',
      [tcp('host: 127.0.0.1, port: 9, listen: true'), tcp('host: 10.0.0.9, port: 9')],
      false,
    ],
    ['the default port of the page', [tcp('host: localhost, port: 8080, listen: true')], true],
    ['the default port of the broker', [tcp('host: 0.0.0.0, port: 1883, listen: true')], true],
  ])('knows %s', (_what, readers, clash) => {
    expect(keysOf({ readers }, {}).length > 0).toBe(clash);
  });

  it('leaves ports that the system is to choose out of it', () => {
    expect(keysOf({ http: '{ port: 0 }', mqtt: '{ broker: embedded, port: 0 }' }, {})).toEqual([]);
    expect(keysOf({ http: '{ port: 99 }', mqtt: '{ broker: embedded, port: 99 }' }, {})).toEqual(['3 mqtt.port']);
    expect(keysOf({ http: '{ port: 99 }', mqtt: '{ url: "mqtt://127.0.0.1:99" }' }, {})).toEqual([]);
  });
});

describe('what runs and should not stay so', () => {
  it.each([
    ['a page on all addresses', { http: '{ host: 0.0.0.0 }' }, ['2 http.host']],
    [
      'the same with TLS',
      { http: `{ host: 0.0.0.0, tls: { cert: ${pem('localhost-cert')}, key: ${pem('localhost-key')} } }` },
      [],
    ],
    ['a page on loopback', { http: '{ host: "::1" }' }, []],
    [
      'an embedded broker open to all addresses',
      { mqtt: '{ broker: embedded, host: 0.0.0.0, access: open }' },
      ['3 mqtt.access'],
    ],
    [
      'a password for a broker far away',
      { mqtt: '{ url: "mqtt://10.0.0.1", username: g, password: { env: P } }' },
      ['3 mqtt.url'],
    ],
    ['the same over TLS', { mqtt: '{ url: "mqtts://10.0.0.1", username: g, password: { env: P } }' }, []],
    ['the same on this machine', { mqtt: '{ url: "mqtt://[::1]", username: g, password: { env: P } }' }, []],
    [
      'a reader of whom anybody may take the place',
      { readers: [tcp('host: a, port: 1, tls: { verify: false }')] },
      ['6 readers[0].link.tcp.tls.verify'],
    ],
    [
      'an expired certificate',
      { http: `{ tls: { cert: ${pem('expired-cert')}, key: ${pem('expired-key')} } }` },
      ['2 http.tls.cert'],
    ],
    ['topics that overlap', { readers: [topic('a/#'), topic('a/b'), topic('c')] }, ['6 readers[1].link.mqtt.topic']],
  ])('is %s', (_what, parts, keys) => {
    expect(warningsOf(parts)).toEqual(keys);
  });
});

describe('topic filters', () => {
  const level = fc.constantFrom('a', 'b', '+', '$x', '');
  const filter = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
    .filter((text) => text !== '');
  const topics = fc
    .array(fc.constantFrom('a', 'b', '$x', ''), { minLength: 1, maxLength: 5 })
    .map((all) => all.join('/'));

  it('overlap where one topic belongs to both, in either order', () => {
    fc.assert(
      fc.property(filter, filter, topics, (one, other, name) => {
        const fits = (text: string) => filterFits(parseFilter(text) ?? [], name);
        if (fits(one) && fits(other)) expect(filtersOverlap(one, other)).toBe(true);
        expect(filtersOverlap(one, other)).toBe(filtersOverlap(other, one));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a/b', 'a/b', true],
    ['a/+', '+/b', true],
    ['a/#', 'a', true],
    ['#', 'a/b/c', true],
    ['a/b', 'a/b/c', false],
    ['a/+', 'a/b/c', false],
    ['a/b/#', 'a/c/#', false],
    ['#', '$SYS/x', false],
    ['$share/g/a', 'a', true],
    ['a#', 'a', false],
  ])('%s and %s: %s', (one, other, overlap) => {
    expect(filtersOverlap(one, other)).toBe(overlap);
  });
});

describe('PEM files', () => {
  const none = { ca: null, cert: null, key: null };
  const write = (text: string) => {
    const path = join(folder, 'some.pem');
    writeFileSync(path, text);
    return path;
  };

  it('of one certificate can be used; no fault tells of a key', () => {
    const good = { ca: pem('localhost-cert'), cert: pem('localhost-cert'), key: pem('localhost-key') };
    expect(pemFaults(good)).toEqual([]);
    expect(pemFaults(none)).toEqual([]);
    expect(
      pemFaults({ ...good, key: write('-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----') }),
    ).toEqual([{ file: 'key', fault: 'it holds no private key in PEM without a passphrase' }]);
    expect(pemFaults({ ...none, ca: write('hunter2') })).toEqual([
      { file: 'ca', fault: 'it holds no certificate in PEM' },
    ]);
    expect(pemFaults({ ...good, cert: null }).map(({ file }) => file)).toEqual(['key']);
    expect(pemFaults({ ...none, ca: folder })[0]?.fault).toContain('cannot be read');
  });

  it('are due two weeks before their end, and before their beginning', () => {
    const at = (day: string) => renewalDue(pem('expired-cert'), Date.parse(`${day}T00:00:00Z`));
    expect(at('2025-12-31')).toBe('it is not valid before 2026-01-01');
    expect(at('2026-01-10')).toBeNull();
    expect(at('2026-01-18')).toBe('it expires on 2026-02-01');
    expect(at('2026-02-01')).toBe('it expired on 2026-02-01');
    expect(renewalDue('/nowhere', 0)).toBeNull();
  });
});
