import { expect, test } from 'vitest';
import { scopes } from '../../../src/api/index.ts';
import { arrival, batch, gtin, idOf } from '../journal/store-values.ts';
import { createWorlds, type World } from './api-fixture.ts';

const world = createWorlds();
const v1 = '/api/v1';
const json = { 'content-type': 'application/json' };

/** Every documented GET, with values that are there. */
async function gets(w: World): Promise<string[]> {
  const { json: document } = await w.call('GET', `${v1}/openapi.json`, await w.key('stock:read'));
  const values: Record<string, string> = { id: 'desk-1', gtin, epc: encodeURIComponent(idOf(1)), customer: 'c-1' };
  return Object.entries(document['paths'] as Record<string, object>)
    .filter(([, methods]) => 'get' in methods)
    .map(([path]) => path.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? name));
}

test('HEAD answers as GET does, without the body, on every route', async () => {
  const w = await world();
  await w.store.putProducts([{ gtin, sku: null, name: null }]);
  await w.store.append(batch({ events: [arrival(1)] }));
  const key = await w.key(...scopes);
  const paths = (await gets(w)).filter((path) => path !== `${v1}/events`);
  expect(paths.length).toBeGreaterThan(15);
  for (const path of paths) {
    const [get, head] = [await w.call('GET', path, key), await w.call('HEAD', path, key)];
    expect([path, head.status, head.text]).toEqual([path, get.status, '']);
    expect([path, head.headers.get('content-type')]).toEqual([path, get.headers.get('content-type')]);
  }
  expect((await w.call('HEAD', `${v1}/health`, null)).status).toBe(200);
  expect((await w.call('HEAD', `${v1}/stock`, null)).status).toBe(401);
});

test('HEAD of the live feed says what it is and holds no place among the listeners', async () => {
  const w = await world();
  const key = await w.key('events:read');
  for (let i = 0; i < 60; i++) {
    const { status, headers, text } = await w.call('HEAD', `${v1}/events`, key);
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/event-stream; charset=utf-8', '']);
  }
});

test('a page that is signed in by its cookie may ask with HEAD, as with GET', async () => {
  const w = await world();
  const code = w.signInLink().split('=')[1];
  const signedIn = await w.call('POST', `${v1}/session`, null, { code });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await w.call('GET', `${v1}/stock`, null, undefined, { cookie })).status).toBe(200);
  expect((await w.call('HEAD', `${v1}/stock`, null, undefined, { cookie })).status).toBe(200);
});

test('a DELETE or POST that needs no body may name JSON as its content type', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  const { json: made } = await w.call('POST', `${v1}/keys`, key, { name: 'pos', scopes: ['stock:read'] });
  const put = { tokens: [], consent: { given: true, textVersion: '1', at: 1, source: 'desk' } };
  expect((await w.call('PUT', `${v1}/customers/c-1`, key, put)).status).toBe(200);
  for (const [method, path, done] of [
    ['DELETE', `/keys/${String(made['id'])}`, 204],
    ['DELETE', '/customers/c-1', 200],
    ['POST', '/destinations/main/enable', 204],
  ] as const) {
    expect([path, (await w.call(method, v1 + path, key, undefined, json)).status]).toEqual([path, done]);
  }
});

test('a POST that needs a body is refused without one, and says what it takes', async () => {
  const w = await world();
  for (const [method, path] of [
    ['POST', '/keys'],
    ['PUT', `/products/${gtin}`],
    ['POST', `/items/${encodeURIComponent(idOf(1))}/inputs`],
  ] as const) {
    const { status, json: problem } = await w.call(method, v1 + path, await w.key(...scopes), undefined, json);
    expect([path, status, problem['code']]).toEqual([path, 400, 'REQUEST_INVALID']);
    expect((problem['errors'] as unknown[]).length).toBeGreaterThan(0);
  }
});

test('a GTIN with a wrong check digit is a 400 wherever it is asked for, and is never an empty list', async () => {
  const w = await world();
  const key = await w.key('stock:read');
  for (const path of ['/stock?gtin=', '/items?gtin=', '/products/']) {
    const { status, json: problem } = await w.call('GET', `${v1}${path}80614141123459`, key);
    expect([path, status, problem['code']]).toEqual([path, 400, 'REQUEST_INVALID']);
    expect(problem['errors']).toMatchObject([{ pointer: '/gtin', found: '80614141123459' }]);
  }
  expect((await w.call('GET', `${v1}/stock?gtin=${gtin}`, key)).status).toBe(200);
});
