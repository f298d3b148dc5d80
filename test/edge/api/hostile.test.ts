import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scopes } from '../../../src/api/index.ts';
import { createWorlds, type World } from './api-fixture.ts';

const world = createWorlds();
const v1 = '/api/v1';
const json = { 'content-type': 'application/json' };

/** Every route that takes a body, with one that is right. */
const writes: [string, string, Record<string, unknown>][] = [
  ['POST', '/session', { code: 'x' }],
  ['POST', '/items/urn%3Aepc%3Aid%3Asgtin%3A0614141.012345.400/inputs', { id: 'a', input: 'sell' }],
  ['PUT', '/products/04710088000019', { sku: null, name: 'x' }],
  ['POST', '/keys', { name: 'x', scopes: ['stock:read'] }],
  ['PUT', '/customers/c-1', { tokens: [], consent: { given: true, textVersion: null, at: 1, source: null } }],
  ['POST', '/destinations/main/resend', { seqs: null }],
];

test('a field that a body does not have is refused on every write, wherever it stands', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  for (const [method, path, body] of writes) {
    for (const extra of ['scopes2', 'role', 'id2', 'constructor', 'at2']) {
      const { status, json: answer } = await w.call(method, v1 + path, key, { ...body, [extra]: 'admin' });
      expect([path, extra, status, answer['code']]).toEqual([path, extra, 400, 'REQUEST_INVALID']);
    }
  }
  expect(w.store.keys.list()).toHaveLength(1);
});

test('a wrong body is refused with the place, what was found and what is allowed; nothing is coerced', async () => {
  const w = await world();
  const { json: answer } = await w.call('PUT', `${v1}/products/04710088000019`, await w.key(...scopes), {
    sku: 12,
    name: 'x',
  });
  expect(answer).toMatchObject({ status: 400, code: 'REQUEST_INVALID', type: 'urn:silentgate:error:REQUEST_INVALID' });
  expect(answer['errors']).toContainEqual({ pointer: '/sku', found: 12, allowed: expect.any(String) });
});

const poison = [
  '{"__proto__":{"admin":true},"sku":null,"name":"x"}',
  '{"constructor":{"prototype":{"admin":true}},"sku":null,"name":"x"}',
  '{"sku":null,"name":"x","name":["y"]}',
  '{"sku":null,"name":1e400}',
  `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  '{"sku":null,"name":"a\\u0000b"}',
  '{"sku":null,"name":"a\\u001b[31mb"}',
  '{"sku":null,"name":',
  '',
  'null',
  '[]',
  '"x"',
  '\ufeff[]',
  '{"sku":{"$ne":null},"name":"x"}',
];

test('poisoned bodies are 400s, never 500s, and change no prototype', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  for (const [method, path] of writes) {
    for (const body of poison) {
      const { status, text } = await w.call(method, v1 + path, key, body, json);
      expect([path, body.slice(0, 40), status]).toEqual([path, body.slice(0, 40), 400]);
      expect(text).not.toMatch(/node_modules|\.ts:|at /);
    }
  }
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect(w.logged).toEqual([]);
});

test('lone surrogates, markup and SQL are taken as text and come back as text', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  for (const name of ["'; DROP TABLE items; --", '<script>alert(1)</script>', '=1+1', '%00', '棉" OR 1=1']) {
    expect((await w.call('PUT', `${v1}/products/04710088000019`, key, { sku: null, name })).status).toBe(200);
    expect((await w.call('GET', `${v1}/products/04710088000019`, key)).json['name']).toBe(name);
  }
  const lone = await w.call('PUT', `${v1}/products/04710088000019`, key, '{"sku":null,"name":"a\\ud800"}', json);
  expect(lone.status).toBeLessThan(500);
});

const types = [
  'text/plain',
  'text/plain; charset=utf-8',
  'application/jsonx',
  'application/json\tx',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'text/csv',
  'application/xml',
  'application/ld+json',
  'application/json-patch+json',
  'x',
];

test('a body of another content type is never read', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  for (const [method, path, body] of writes) {
    for (const type of types) {
      const { status } = await w.call(method, v1 + path, key, JSON.stringify({ ...body, evil: 1 }), {
        'content-type': type,
      });
      expect([path, type, [400, 415]]).toEqual([path, type, expect.arrayContaining([status])]);
    }
  }
  const csv = await w.call('POST', `${v1}/products/import`, key, { gtin: 'x' });
  expect([csv.status, csv.json['code']]).toEqual([415, 'UNSUPPORTED_MEDIA']);
});

test('a body beyond the route’s limit is a 413', async () => {
  const w = await world();
  const { status, json: answer } = await w.call('PUT', `${v1}/products/04710088000019`, await w.key(...scopes), {
    sku: null,
    name: 'x'.repeat(70_000),
  });
  expect([status, answer['code']]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
});

test('unknown, repeated or absurd query parameters are refused', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  const bad = [
    'x=1',
    'limit=0',
    'limit=501',
    'limit=1e2',
    'limit=-1',
    'limit=',
    'limit=10&limit=20',
    'gtin=abc',
    'gtin=123',
    'bucket=none',
    'cursor=',
    'q=a%00b',
    '__proto__=1',
    'limit=9999999999999999999',
  ];
  for (const query of bad) {
    const { status, json: answer } = await w.call('GET', `${v1}/stock?${query}`, key);
    expect([query, status, answer['code']]).toEqual([query, 400, 'REQUEST_INVALID']);
  }
  expect((await w.call('GET', `${v1}/stock?limit=500`, key)).status).toBe(200);
});

test('search takes operators and wildcards as plain text', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  for (const q of ['"', '*', 'NEAR(', '-', 'name:x', '%', '_', "' OR 1=1", 'a AND', '(', '^', '\\', '棉*']) {
    expect([q, (await w.call('GET', `${v1}/stock?q=${encodeURIComponent(q)}`, key)).status]).toEqual([q, 200]);
    expect([q, (await w.call('GET', `${v1}/products?q=${encodeURIComponent(q)}`, key)).status]).toEqual([q, 200]);
  }
});

test('no path, however spelled, is answered with a server error', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  for (const path of ['%', '%zz', '%c0%ae', '..%2f..%2fetc%2fpasswd', 'x'.repeat(3000), '%00', '%F0%9F']) {
    for (const route of ['items', 'readers', 'products', 'customers']) {
      const { status } = await w.call('GET', `${v1}/${route}/${path}`, key);
      expect([route, path.slice(0, 30), status >= 400 && status < 500]).toEqual([route, path.slice(0, 30), true]);
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const { status } = await w.call(
        'GET',
        `${v1}/items/${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`,
        key,
      );
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
  expect(w.logged).toEqual([]);
});

function raw(w: World, text: string): Promise<string> {
  const { hostname, port } = new URL(w.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(2000, () => socket.end());
  });
}

test('headers beyond reason, two lengths and broken requests are refused, and the next request works', async () => {
  const w = await world();
  const start = `GET ${v1}/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`;
  expect(await raw(w, `${start}X: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
  const post = `POST ${v1}/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n`;
  expect(await raw(w, `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
  expect(await raw(w, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
  expect(await raw(w, `${start}\r\n`)).toMatch(/^HTTP\/1\.1 200/);
});

test('what breaks inside is a 500 without a word of its inside, and is in the log', async () => {
  const w = await world({
    presence: {
      lastSeen: () => null,
      presentAt: () => {
        throw new Error('secret detail /srv/data');
      },
    },
  });
  const { status, text, json: answer } = await w.call('GET', `${v1}/locations`, await w.key('stock:read'));
  expect([status, answer['code']]).toEqual([500, 'INTERNAL']);
  expect(text).not.toContain('secret');
  expect(w.logged).toMatchObject([
    { message: 'request failed', fields: { route: '/api/v1/locations', error: 'secret detail /srv/data' } },
  ]);
});

test('a name that is no text is told in plain words what it may be', async () => {
  const w = await world();
  const answer = await w.call('PUT', `${v1}/products/04710088000019`, await w.key('products:write'), {
    sku: null,
    name: 12,
  });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('characters without control characters');
  expect(answer.text).not.toContain('u0000');
});
