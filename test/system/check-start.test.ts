import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../fakes/authority.ts';
import { background, freePort, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const pem = (name: string) => join(import.meta.dirname, `../edge/api/${name}.pem`);
const secret = `whsec_${'c2VjcmV0'.repeat(4)}`;
const env = { CRM_SECRET: secret, ABSENT: '' };
let authority: Authority;
let port: number;

beforeAll(async () => {
  authority = createAuthority();
  port = await freePort();
  mkdirSync(join(folder.path, 'by-id'));
  symlinkSync('/dev/null', join(folder.path, 'by-id/usb-reader'));
  writeFileSync(join(folder.path, 'a-file'), '');
});
afterAll(() => {
  authority.remove();
  folder.remove();
});

type Parts = { http?: string; mqtt?: string; readers?: string[]; crm?: string; more?: string };

const yaml = ({
  http = '{ port: 0 }',
  mqtt = '{ broker: embedded, port: 0 }',
  readers = [],
  crm = '[]',
  more = '',
}: Parts) =>
  `site: { id: shop }
http: ${http}
mqtt: ${mqtt}
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:${readers.length === 0 ? ' []' : ''}
${readers.map((one, i) => `  - { id: r${i + 1}, ${one}, antennas: { 1: shelf-1 } }\n`).join('')}crm: ${crm}
${more}`;

const serial = (path: string) => `profile: magicrf/m100, link: { serial: { path: ${path} } }`;
const tcp = (link: string) => `profile: magicrf/m100, link: { tcp: { ${link} } }`;
const topic = (name: string) => `profile: impinj/r700, link: { mqtt: { topic: "${name}" } }`;
const crm = (more: string) => `[{ id: main, url: "https://crm.example.com/", secret: { env: CRM_SECRET }${more} }]`;
const nowhere = '/nowhere/file.pem';

/** What is wrong, the file, and what both say of it; null where both take it. The parts are made when the folder is there. */
const files: readonly [string, () => Parts, RegExp | null][] = [
  ['nothing', () => ({}), null],
  [
    'an http certificate that is not there',
    () => ({ http: tls(nowhere, pem('localhost-key')) }),
    /:2: http\.tls\.cert: .*cannot be read/,
  ],
  [
    'an http key that is not there',
    () => ({ http: tls(pem('localhost-cert'), nowhere) }),
    /:2: http\.tls\.key: .*cannot be read/,
  ],
  [
    'a certificate that is a key',
    () => ({ http: tls(pem('localhost-key'), pem('localhost-key')) }),
    /http\.tls\.cert: .*no certificate in PEM/,
  ],
  [
    'the key of another certificate',
    () => ({ http: tls(pem('localhost-cert'), pem('expired-key')) }),
    /http\.tls\.key: .*of another cert/,
  ],
  ['a certificate that has expired', () => ({ http: tls(pem('expired-cert'), pem('expired-key')) }), null],
  [
    'an authority of the broker that is not there',
    () => ({ mqtt: '{ url: "mqtts://127.0.0.1:1", ca: absent.pem }' }),
    /:3: mqtt\.ca: /,
  ],
  [
    'a certificate for the broker without its key',
    () => ({ mqtt: `{ url: "mqtts://127.0.0.1:1", cert: ${pem('localhost-cert')} }` }),
    /mqtt\.cert: .*no key/,
  ],
  [
    'a password of the broker that is not set',
    () => ({ mqtt: '{ url: "mqtt://127.0.0.1:1", username: g, password: { env: ABSENT } }' }),
    /mqtt\.password: /,
  ],
  [
    'an authority of a reader that is not there',
    () => ({ readers: [tcp(`host: 127.0.0.1, port: 1, tls: { ca: ${nowhere} }`)] }),
    /:7: readers\[0\]\.link\.tcp\.tls\.ca: /,
  ],
  [
    'TLS to listen with, and no certificate',
    () => ({ readers: [tcp(`host: 127.0.0.1, port: ${port}, listen: true, tls: {}`)] }),
    /tcp\.tls: .*cert and key/,
  ],
  [
    'a password of a reader that is not set',
    () => ({
      readers: [
        'profile: alien/ascii, link: { tcp: { host: 127.0.0.1, port: 1 } }, login: { username: a, password: { env: ABSENT } }',
      ],
    }),
    /login\.password: /,
  ],
  ['an authority of the CRM that is not there', () => ({ crm: crm(`, ca: ${nowhere}`) }), /crm\[0\]\.ca: /],
  [
    'one serial device by two names',
    () => ({ readers: [serial('/dev/null'), serial(join(folder.path, 'by-id/usb-reader'))] }),
    /:8: readers\[1\]\.link\.serial\.path: .*reader r1/,
  ],
  [
    'one reader dialled twice',
    () => ({ readers: [tcp('host: localhost, port: 1'), tcp('host: 127.0.0.1, port: 1')] }),
    /:8: readers\[1\]\.link\.tcp\.port: .*reader r1/,
  ],
  [
    'two readers that are to dial in at one port',
    () => ({
      readers: [
        tcp(`host: 127.0.0.1, port: ${port}, listen: true`),
        tcp(`host: 127.0.0.1, port: ${port}, listen: true`),
      ],
    }),
    /:8: readers\[1\]\.link\.tcp\.port: .*reader r1 has it/,
  ],
  [
    'a reader that is to dial in at the page’s port',
    () => ({ http: `{ port: ${port} }`, readers: [tcp(`host: 0.0.0.0, port: ${port}, listen: true`)] }),
    /readers\[0\]\.link\.tcp\.port: .*http has it/,
  ],
  [
    'one port for page and broker',
    () => ({ http: `{ port: ${port} }`, mqtt: `{ broker: embedded, port: ${port} }` }),
    /:3: mqtt\.port: .*http has it/,
  ],
  [
    'one topic for two readers',
    () => ({ readers: [topic('a/b'), topic('a/b')] }),
    /:8: readers\[1\]\.link\.mqtt\.topic: .*reader r1/,
  ],
  ['topics that overlap', () => ({ readers: [topic('a/+'), topic('a/b')] }), null],
  [
    'two readers of one device’s many ports',
    () => ({ readers: [tcp('host: 127.0.0.1, port: 1'), tcp('host: 127.0.0.1, port: 2')] }),
    null,
  ],
  ['a data folder that is a file', () => ({ more: 'data: ./a-file\n' }), /a-file/],
  ['a data folder inside a file', () => ({ more: 'data: ./a-file/data\n' }), /a-file/],
  ['a folder of profiles that is not there', () => ({ more: 'profiles: ./absent\n' }), /absent/],
  ['a page on an address of another machine', () => ({ http: '{ host: 192.0.2.1, port: 0 }' }), /192\.0\.2\.1/],
  [
    'a broker on an address of another machine',
    () => ({ mqtt: '{ broker: embedded, host: 192.0.2.1, port: 0 }' }),
    /192\.0\.2\.1/,
  ],
];

const tls = (cert: string, key: string) => `{ port: 0, tls: { cert: ${cert}, key: ${key} } }`;

/** What both commands make of the file, at the same time. */
async function bothOf(text: string): Promise<{ check: [number | null, string]; start: [number | null, string] }> {
  const place = temporaryFolder();
  writeFileSync(join(place.path, 'silentgate.yaml'), text);
  writeFileSync(join(place.path, 'a-file'), '');
  const check = background(place.path, ['check'], env);
  const start = background(place.path, ['start'], env);
  const started = await start.until('Silentgate is ready').then(
    () => true,
    () => false,
  );
  const code = started ? await start.interrupt() : await start.ended();
  const checked = await check.ended();
  place.remove();
  return { check: [checked, check.output()], start: [code, start.output()] };
}

describe('silentgate check and start', () => {
  it.each(files)('judge alike a file with %s', async (_what, parts, said) => {
    const { check, start } = await bothOf(yaml(parts()));
    expect([check[0], start[0]], `${check[1]}\n${start[1]}`).toEqual(said === null ? [0, 0] : [1, 1]);
    if (said === null) return;
    expect(check[1]).toMatch(said);
    expect(start[1]).toMatch(said);
  });

  it('both warn of what runs and should not stay so', async () => {
    const readers = [topic('a/+'), topic('a/b')];
    const { check, start } = await bothOf(yaml({ http: tls(pem('expired-cert'), pem('expired-key')), readers }));
    expect(check[1]).toMatch(/^silentgate\.yaml:2: warning: http\.tls\.cert: .*it expired on 2026-02-01: renew it$/m);
    expect(check[1]).toMatch(/^silentgate\.yaml:8: warning: readers\[1\]\.link\.mqtt\.topic: .*reader r1/m);
    expect(start[1]).toMatch(/http\.tls\.cert.*it expired on 2026-02-01/);
    expect(start[1]).toContain('readers[1].link.mqtt.topic');
  });
});
