import { lookup } from 'node:dns/promises';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createSessions } from '../../../src/api/access/sessions.ts';
import { buildApp } from '../../../src/api/app.ts';
import { startApi } from '../../../src/api/index.ts';
import { createWorlds, type World, worldParts } from './api-fixture.ts';

const world = createWorlds();
const cleaning: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleaning.splice(0)) clean();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'silentgate-web-'));
  cleaning.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function webRoot(): string {
  const root = folder();
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Silentgate</title>');
  writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(root, 'manifest.webmanifest'), '{}');
  writeFileSync(join(root, '..', 'outside.txt'), 'secret');
  cleaning.push(() => rmSync(join(root, '..', 'outside.txt'), { force: true }));
  return root;
}

test('a route that declares no scope does not start', async () => {
  const { deps, clean } = worldParts();
  cleaning.push(clean);
  const app = await buildApp(deps, createSessions(deps.clock));
  expect(() => app.get('/api/v1/forgotten', () => 'open to all')).toThrow('declares no scope');
  await app.close();
});

test('a port that another program has is told as such', async () => {
  const w = await world();
  const { deps, clean } = worldParts({ http: { host: '127.0.0.1', port: Number(new URL(w.url).port) } });
  cleaning.push(clean);
  await expect(startApi(deps)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
});

test('an address that is not of this machine, and a certificate that is not there, are errors of the configuration', async () => {
  const elsewhere = worldParts({ http: { host: '192.0.2.1', port: 0 } });
  const noCert = worldParts({ http: { port: 0, tls: { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' } } });
  cleaning.push(elsewhere.clean, noCert.clean);
  await expect(startApi(elsewhere.deps)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(startApi(noCert.deps)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
});

test('listening on all addresses, it names one that can be reached', async () => {
  const w = await world({ http: { host: '0.0.0.0', port: 0 } });
  expect(new URL(w.url).hostname).not.toBe('0.0.0.0');
  expect((await w.call('GET', '/api/v1/health', null)).status).toBe(200);
});

test('localhost is answered on every address that it names, and each comes in by the same door', async () => {
  const addresses = (await lookup('localhost', { all: true })).map(({ address }) => address);
  const w = await world({ http: { host: 'localhost', port: 0 } });
  const { port } = new URL(w.url);
  for (const address of addresses) {
    const host = address.includes(':') ? `[${address}]` : address;
    expect((await fetch(`http://${host}:${port}/api/v1/health`)).status).toBe(200);
  }
  const wrong = () => w.call('POST', '/api/v1/session', null, { key: 'x' });
  const statuses = [];
  for (let n = 0; n < 21; n++) statuses.push((await wrong()).status);
  expect(statuses.slice(-2)).toEqual([401, 429]);
});

test('over TLS the cookie is marked secure and browsers are told to stay there', async () => {
  // A self-signed pair for localhost, good until 2126; it guards nothing.
  const [cert, key] = [
    fileURLToPath(new URL('localhost-cert.pem', import.meta.url)),
    fileURLToPath(new URL('localhost-key.pem', import.meta.url)),
  ];
  const w = await world({ http: { host: '127.0.0.1', port: 0, tls: { cert, key } } });
  expect(w.url).toMatch(/^https:/);
  const code = w.signInLink().split('=')[1] ?? '';
  const headers = await postOverTls(`${w.url}/api/v1/session`, readFileSync(cert), JSON.stringify({ code }));
  expect(headers['strict-transport-security']).toMatch(/max-age=\d+/);
  expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
});

/** Posts JSON, trusting one certificate whatever its name. */
function postOverTls(url: string, ca: Buffer, body: string): Promise<IncomingHttpHeaders> {
  const options = {
    method: 'POST',
    ca,
    checkServerIdentity: () => undefined,
    headers: { 'content-type': 'application/json' },
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      answer.resume();
      resolve(answer.headers);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('the staff app is served with its headers: hashed files for ever, the page always anew', async () => {
  const w = await world({ webRoot: webRoot() });
  const page = await w.call('GET', '/', null);
  expect([page.status, page.headers.get('cache-control'), page.text]).toEqual([
    200,
    'no-cache',
    expect.stringContaining('Silentgate'),
  ]);
  const asset = await w.call('GET', '/assets/app-1a2b.js', null);
  expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  expect((await w.call('GET', '/manifest.webmanifest', null)).headers.get('cache-control')).toBe('no-cache');
});

test('every answer carries the security headers', async () => {
  const w = await world({ webRoot: webRoot() });
  for (const path of ['/', '/assets/app-1a2b.js', '/api/v1/health', '/api/v1/stock', '/nothing.txt']) {
    const { headers } = await w.call('GET', path, null);
    expect([path, headers.get('content-security-policy')]).toEqual([
      path,
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data: blob:;connect-src 'self';media-src 'self' blob:;worker-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    ]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('an address that a browser opens as a page is a view of the app; a file that is not there, or lies outside, is a 404', async () => {
  const w = await world({ webRoot: webRoot() });
  const page = { accept: 'text/html,application/xhtml+xml' };
  for (const path of ['/stock', '/items/urn%3Aepc%3Aid%3Asgtin%3A0614141.012345.400', '/live/x?y=z', '/?q=1']) {
    const { status, text, headers } = await w.call('GET', path, null, undefined, page);
    expect([path, status, text.includes('Silentgate')]).toEqual([path, 200, true]);
    expect(headers.get('cache-control')).toBe('no-cache');
  }
  const outside = [
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/.env',
    '/assets',
    '/%00',
  ];
  for (const path of outside) {
    const { status, text } = await w.call('GET', path, null);
    expect([path, status, text.includes('secret')]).toEqual([path, 404, false]);
  }
  expect((await w.call('GET', '/assets/none.js', null, undefined, page)).status).toBe(404);
  expect((await w.call('HEAD', '/assets/app-1a2b.js', null)).status).toBe(200);
  expect((await w.call('POST', '/stock', null, {}, page)).status).toBe(404);
});

test('the API’s addresses never fall back to the page', async () => {
  const w = await world({ webRoot: webRoot() });
  const key = await w.key('stock:read');
  expect((await w.call('GET', '/api/v1/nothing', null)).status).toBe(401);
  const { status, json } = await w.call('GET', '/api/v1/nothing', key);
  expect([status, json['code']]).toEqual([404, 'NOT_FOUND']);
  expect((await w.call('GET', '/api/v1/stock', key)).headers.get('cache-control')).toBe('no-store');
});

test('without a staff app there is only the API', async () => {
  const w = await world();
  expect((await w.call('GET', '/', null)).status).toBe(404);
});

async function document(w: World): Promise<Record<string, unknown>> {
  return (await w.call('GET', '/api/v1/openapi.json', await w.key('stock:read'))).json;
}

const golden = new URL('../../golden/openapi.json', import.meta.url);

test('the OpenAPI document is the one on record; write it anew with UPDATE_GOLDEN=1', async () => {
  const shown = `${JSON.stringify(await document(await world()), null, 1)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, shown);
  expect(shown).toBe(readFileSync(golden, 'utf8'));
});

test('the document has every route of the router, and no other', async () => {
  const { deps, clean } = worldParts();
  cleaning.push(clean);
  const app = await buildApp(deps, createSessions(deps.clock));
  await app.ready();
  const routed = routesOf(app.printRoutes({ commonPrefix: false }));
  await app.close();
  const paths = (await document(await world()))['paths'] as Record<string, object>;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.length).toBeGreaterThan(25);
  // Every GET answers HEAD too, which a document need not say.
  expect(described.sort()).toEqual(routed.filter((one) => !one.startsWith('HEAD ')).sort());
});

test('docs/http-api.md lists every route with its scope, and no other', async () => {
  const text = readFileSync(new URL('../../../docs/http-api.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `([A-Z]+ \S+)` \| (?:`([a-z:]+)`|[^|]+) \|/gm)].map(
    ([, route, scope]) => `${route} ${scope ?? '-'}`,
  );
  const paths = (await document(await world()))['paths'] as Record<string, Record<string, { description?: string }>>;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { description }]) => {
      const scope = /`(.+)`/.exec(description ?? '')?.[1] ?? '-';
      return `${method.toUpperCase()} ${path.replace('/api/v1', '')} ${scope}`;
    }),
  );
  expect(listed.sort()).toEqual(described.sort());
});

/** Fastify's printed tree → `METHOD /path` lines. */
function routesOf(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const match = /^([\s│]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) return [];
    const [, indent = '', part = '', methods] = match;
    const depth = indent.length / 4;
    above.length = depth;
    above.push(part);
    return methods === undefined ? [] : methods.split(', ').map((method) => `${method} ${above.join('')}`);
  });
}
