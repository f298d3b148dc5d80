import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/api/index.ts';
import { type Authority, type Certificate, createAuthority } from '../fakes/authority.ts';
import { type Background, background, command, eventually, temporaryFolder } from './harness.ts';

const opened: { gateway: Background; folder: ReturnType<typeof temporaryFolder> }[] = [];
let authority: Authority;
let scene: Scene;

type Run = { pid: number; url: string; key: string; certificate: string | null };
type Scene = { path: string; run: Run; gateway: Background };

beforeAll(async () => {
  authority = createAuthority();
  scene = await gatewayWith(authority.selfSigned('elsewhere.example'));
});
afterAll(async () => {
  for (const { gateway, folder } of opened) {
    await gateway.interrupt();
    folder.remove();
  }
  authority.remove();
});

const yaml = ({ cert, key }: Certificate) => `site: { id: tls }
http: { port: 0, tls: { cert: ${cert}, key: ${key} } }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: [{ id: push-1, profile: generic/json, link: { http: {} }, antennas: { 1: shelf-1 }, map: { id: [{ path: epc }] } }]
`;

const runOf = (path: string) => JSON.parse(readFileSync(join(path, 'data/run.json'), 'utf8')) as Run;

async function gatewayWith(certificate: Certificate): Promise<Scene> {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'silentgate.yaml'), yaml(certificate));
  const gateway = background(folder.path, ['start']);
  opened.push({ gateway, folder });
  await gateway.until('Silentgate is ready');
  return { path: folder.path, run: runOf(folder.path), gateway };
}

/** A certificate of January 2026. */
const expired = {
  cert: join(import.meta.dirname, '../edge/api/expired-cert.pem'),
  key: join(import.meta.dirname, '../edge/api/expired-key.pem'),
};

describe('the commands beside a gateway that speaks TLS', () => {
  it('find in run.json, which only its user may read, the certificate that it shows', () => {
    const { path, run } = scene;
    expect(run.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(run.certificate).toBe(fingerprintOf(readFileSync(certOf(path))));
    expect(statSync(join(path, 'data/run.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['doctor', ['doctor'], 'ok    store: '],
    ['doctor --json', ['doctor', '--json'], '"code":"STORE_OK"'],
    ['reader list', ['reader', 'list'], 'push-1\tgeneric/json'],
    ['reader list --json', ['reader', 'list', '--json'], '"id":"push-1"'],
    ['key list', ['key', 'list'], ''],
    ['backup', ['backup', 'copy.db'], 'Backed up to copy.db.'],
    ['rebuild-stock --check', ['rebuild-stock', '--check'], 'Stock equals'],
  ])('%s works with a certificate that signed itself and is of another name', (_name, args, said) => {
    const done = command(scene.path, args);
    expect(done.err).toBe('');
    expect(done.out).toContain(said);
    expect(done.code).toBe(0);
  });

  it('hand a command to a reader, whose own answer comes back', () => {
    const done = command(scene.path, ['reader', 'identify', 'push-1']);
    expect(done.out + done.err).toMatch(/identify|push-1/);
    expect(done.out + done.err).not.toMatch(/certificate|does not answer/);
  });

  it('import products through it, and fetch the rows that it refused', () => {
    writeFileSync(join(scene.path, 'products.csv'), 'gtin,sku,name\n04710088000118,A1,Shirt\n123,B,Bad\n');
    const done = command(scene.path, ['products', 'import', 'products.csv', '--bad-rows', 'bad.csv', '--json']);
    expect(done.err).toBe('');
    expect(JSON.parse(done.out)).toMatchObject({ imported: 1 });
    expect(readFileSync(join(scene.path, 'bad.csv'), 'utf8')).toContain('123');
  });

  it('work with one that has expired, which check and start warn of', async () => {
    const old = await gatewayWith(expired);
    expect(command(old.path, ['reader', 'list'])).toMatchObject({ code: 0, err: '' });
    expect(command(old.path, ['check'])).toMatchObject({
      code: 0,
      err: expect.stringMatching(/:2: warning: http\.tls\.cert: .*2026-02-01/),
    });
    expect(old.gateway.output()).toContain('http.tls.cert');
  });

  it('say nothing, not even their key, to a process that took the address and shows another certificate', async () => {
    const { path, run } = await gatewayWith(authority.selfSigned('robbed.example'));
    const other = authority.selfSigned('robber.example');
    const heard: string[] = [];
    const robber = createServer({ cert: readFileSync(other.cert), key: readFileSync(other.key) }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => heard.push(String(chunk)));
    }).listen(0, '127.0.0.1');
    await eventually(
      () => robber.listening,
      (is) => is,
    );
    const url = `https://127.0.0.1:${(robber.address() as AddressInfo).port}`;
    writeFileSync(join(path, 'data/run.json'), JSON.stringify({ ...run, url }));
    for (const args of [['reader', 'list'], ['doctor'], ['products', 'import', '-']]) {
      const child = background(path, args);
      expect([args[0], await child.ended()]).toEqual([args[0], 1]);
      expect(child.output()).toContain('shows another certificate than the one that is expected');
    }
    expect(heard).toEqual([]);
    robber.close();
  });
});

describe('a gateway named by --url', () => {
  const named = (url: string, ...flags: string[]) =>
    command(scene.path, ['reader', 'list', '--url', url, '--key', scene.run.key, ...flags]);

  it('is not believed by a certificate that nobody vouches for, and the message says what helps', () => {
    const done = named(scene.run.url);
    expect(done.code).toBe(1);
    expect(done.err).toMatch(/is not trusted: .*--ca FILE.*--pin SHA256/);
  });

  it('is believed by its pin in every spelling, whatever its name is', () => {
    const pin = scene.run.certificate ?? '';
    const colons = (pin.toUpperCase().match(/../g) ?? []).join(':');
    for (const text of [pin, colons, `sha256 Fingerprint=${colons}`])
      expect(named(scene.run.url, '--pin', text)).toMatchObject({ code: 0, err: '' });
  });

  it('is refused by another pin, and a pin that is none is refused before anything is sent', () => {
    expect(named(scene.run.url, '--pin', 'ab'.repeat(32)).err).toContain('shows another certificate');
    const none = named(scene.run.url, '--pin', 'abc');
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('openssl x509') });
  });

  it('is believed by its authority under its own name, and under no other', async () => {
    const { run } = await gatewayWith(authority.certify('localhost'));
    const byName = run.url.replace('127.0.0.1', 'localhost');
    const ask = (url: string) =>
      command(scene.path, ['reader', 'list', '--url', url, '--key', run.key, '--ca', authority.ca]);
    expect(ask(byName)).toMatchObject({ code: 0, err: '' });
    expect(ask(run.url)).toMatchObject({ code: 1, err: expect.stringContaining('is not trusted') });
  });

  it('needs https for --ca and --pin, and them only with --url', () => {
    const http = scene.run.url.replace('https', 'http');
    expect(named(http, '--ca', authority.ca).err).toContain('need TLS');
    expect(command(scene.path, ['reader', 'list', '--ca', authority.ca]).err).toContain('belong to --url');
    expect(named('10.0.0.5:8080').err).toContain('write it as https://');
    expect(named(scene.run.url, '--ca', '/nowhere.pem').err).toContain('--ca: /nowhere.pem cannot be read');
  });

  it('that speaks TLS where http was written, or the reverse, says so in words', async () => {
    const http = named(scene.run.url.replace('https', 'http'));
    expect(http).toMatchObject({ code: 1, err: expect.stringContaining('does not answer at http://') });
    const plain = await plainServer();
    const child = background(scene.path, ['reader', 'list', '--url', plain.url, '--key', 'k']);
    expect(await child.ended()).toBe(1);
    expect(child.output()).toContain('it does not speak TLS there; try http://');
    plain.close();
  });
});

const certOf = (path: string) => /cert: (\S+),/.exec(readFileSync(join(path, 'silentgate.yaml'), 'utf8'))?.[1] ?? '';

async function plainServer(): Promise<{ url: string; close(): void }> {
  const { createServer: createHttp } = await import('node:http');
  const server = createHttp((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  server.on(
    'clientError',
    (_error, socket) => void (socket instanceof Socket && socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  await eventually(
    () => server.listening,
    (is) => is,
  );
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
