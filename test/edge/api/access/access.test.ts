import { request } from 'node:http';
import { expect, test } from 'vitest';
import { grants } from '../../../../src/api/access/scopes.ts';
import { createKey, isScope, type Scope, scopes } from '../../../../src/api/index.ts';
import { readerCommands } from '../../../../src/readers/index.ts';
import { createWorlds, t0, type World } from '../api-fixture.ts';

const world = createWorlds();
const v1 = '/api/v1';

type Operation = { method: string; path: string; scope: string | null; open: boolean };

/** Every documented route, with the scope that its description names and example values in its path. */
async function operations(w: World): Promise<Operation[]> {
  const { json } = await w.call('GET', `${v1}/openapi.json`, await w.key('stock:read'));
  const paths = json['paths'] as Record<string, Record<string, { description?: string; security: unknown[] }>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { description, security }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, 'x'),
      scope: /`(.+)`/.exec(description ?? '')?.[1] ?? null,
      open: security.length === 0,
    })),
  );
}

test('every route refuses the anonymous, a made-up key, a mistyped key and a revoked one, all with the same words', async () => {
  const w = await world();
  const revoked = await createKey(w.store, { name: 'old', scopes: [...scopes], now: t0 });
  await w.store.keys.revoke(revoked.id, t0);
  const typo = `${(await w.key(...scopes)).slice(0, -1)}!`;
  const madeUp = `sg_0000000000_${'0'.repeat(49)}`;
  const bodies = new Set<string>();
  const closed = (await operations(w)).filter(({ open }) => !open);
  expect(closed.length).toBeGreaterThan(20);
  for (const { method, path } of closed) {
    for (const key of [null, madeUp, typo, revoked.key]) {
      const { status, text } = await w.call(method, path, key);
      expect([method, path, status]).toEqual([method, path, status === 429 ? 429 : 401]);
      if (status === 401) bodies.add(text);
    }
  }
  expect(bodies.size).toBe(1);
});

test('every route refuses a key that has every scope but those that cover it', async () => {
  const w = await world();
  const scoped = (await operations(w)).filter(({ scope }) => scope !== null);
  const byCommand = new Set<string>(Object.values(readerCommands).map(({ scope }) => scope));
  expect(new Set(scoped.map(({ scope }) => scope))).toEqual(new Set(scopes.filter((s) => !byCommand.has(s))));
  for (const { method, path, scope } of scoped) {
    const key = await w.key(...scopes.filter((name) => !grants(name, scope as Scope)));
    const { status, json } = await w.call(method, path, key);
    expect([method, path, status, json['code']]).toEqual([method, path, 403, 'FORBIDDEN']);
  }
});

test('what is no route needs a caller too, and is then a 404', async () => {
  const w = await world();
  for (const path of ['/api/v1/nothing', '/api/', '/api', '/API/v1/stock', '//api/v1/stock', '/api%2Fv1%2Fstock']) {
    expect([path, (await w.call('GET', path, null)).status]).toEqual([path, 401]);
    expect([path, (await w.call('GET', path, await w.key('stock:read'))).status]).toEqual([path, 404]);
  }
  expect((await w.call('PATCH', `${v1}/stock`, await w.key('stock:read'))).status).toBe(404);
});

test('failed sign-ins are held up after twenty in a minute, and a right key never is', async () => {
  const w = await world();
  const key = await w.key('stock:read');
  const answers: number[] = [];
  for (let i = 0; i < 25; i++) answers.push((await w.call('GET', `${v1}/stock`, `wrong-${i}`)).status);
  expect(answers.filter((status) => status === 401)).toHaveLength(20);
  expect(answers.slice(20)).toEqual([429, 429, 429, 429, 429]);
  const held = await w.call('POST', `${v1}/session`, null, { code: 'guess' });
  expect([held.status, Number(held.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect((await w.call('GET', `${v1}/stock`, key)).status).toBe(200);
  expect((await w.call('POST', `${v1}/session`, null, { key })).status).toBe(200);
});

test('a key is shown once, stored as a hash, used and revoked', async () => {
  const w = await world();
  const admin = await w.key(...scopes);
  const made = await w.call('POST', `${v1}/keys`, admin, { name: 'pos', scopes: ['stock:read'] });
  expect(made.status).toBe(201);
  const { id, key } = made.json as { id: string; key: string };
  expect(key).toMatch(new RegExp(`^sg_${id}_[0-9A-Za-z]{49}$`));
  expect((await w.call('GET', `${v1}/stock`, key)).status).toBe(200);
  const listed = await w.call('GET', `${v1}/keys`, admin);
  expect(listed.json['rows']).toContainEqual({
    id,
    name: 'pos',
    kind: 'http',
    scopes: ['stock:read'],
    readers: [],
    createdAt: t0,
    lastUsedAt: t0,
    revokedAt: null,
  });
  expect(listed.text).not.toContain(key.slice(14, 40));
  expect((await w.call('DELETE', `${v1}/keys/${id}`, admin)).status).toBe(204);
  expect((await w.call('GET', `${v1}/stock`, key)).status).toBe(401);
  expect((await w.call('DELETE', `${v1}/keys/${id}`, admin)).status).toBe(404);
});

test('nobody gives a key what they lack themselves', async () => {
  const w = await world();
  const { status, json } = await w.call('POST', `${v1}/keys`, await w.key('keys:admin'), {
    name: 'x',
    scopes: ['privacy:admin'],
  });
  expect([status, json['code']]).toEqual([403, 'FORBIDDEN']);
});

test('use of a key is written once a minute, not at every request', async () => {
  const w = await world();
  const key = await w.key('stock:read');
  const usedAt = () => w.store.keys.list().find((row) => row.name === 'test')?.lastUsedAt;
  await w.call('GET', `${v1}/stock`, key);
  await w.clock.advance(59_000);
  await w.call('GET', `${v1}/stock`, key);
  expect(usedAt()).toBe(t0);
  await w.clock.advance(1_000);
  await w.call('GET', `${v1}/stock`, key);
  expect(usedAt()).toBe(t0 + 60_000);
});

test('the local key of the process opens everything and stands nowhere', async () => {
  const w = await world({ localKey: 'local-secret-of-this-process' });
  expect((await w.call('GET', `${v1}/keys`, 'local-secret-of-this-process')).json).toEqual({ rows: [] });
  expect((await w.call('GET', `${v1}/keys`, 'local-secret-of-this-proces')).status).toBe(401);
});

async function signIn(w: World): Promise<{ cookie: string; header: string }> {
  const code = /#code=(.+)$/.exec(w.signInLink())?.[1];
  const answer = await w.call('POST', `${v1}/session`, null, { code });
  const header = answer.headers.get('set-cookie') ?? '';
  return { cookie: header.split(';')[0] ?? '', header };
}

test('a sign-in link works once, and only for 15 minutes', async () => {
  const w = await world();
  const link = w.signInLink();
  expect(link.startsWith(`${w.url}/#code=`)).toBe(true);
  const code = link.split('=')[1];
  const first = await w.call('POST', `${v1}/session`, null, { code });
  expect([first.status, first.json]).toEqual([200, { name: 'admin', scopes: [...scopes] }]);
  expect((await w.call('POST', `${v1}/session`, null, { code })).status).toBe(401);
  const late = w.signInLink().split('=')[1];
  await w.clock.advance(15 * 60_000);
  expect((await w.call('POST', `${v1}/session`, null, { code: late })).json['code']).toBe('UNAUTHENTICATED');
});

test('a session cookie is unreadable for scripts, stays on this site, and ends with signing out or after 12 hours', async () => {
  const w = await world();
  const { cookie, header } = await signIn(w);
  expect(header).toMatch(/^silentgate_session_\d+=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  const me = await w.call('GET', `${v1}/session`, null, undefined, { cookie });
  expect(me.json).toEqual({
    name: 'admin',
    scopes: [...scopes],
    site: { id: 'taipei-xinyi', name: '台北信義店', gln: null },
  });
  const out = await w.call('DELETE', `${v1}/session`, null, undefined, { cookie, origin: w.url });
  expect(out.status).toBe(204);
  expect((await w.call('GET', `${v1}/session`, null, undefined, { cookie })).status).toBe(401);
  const second = await signIn(w);
  expect(second.cookie).not.toBe(cookie);
  await w.clock.advance(12 * 3_600_000);
  expect((await w.call('GET', `${v1}/session`, null, undefined, { cookie: second.cookie })).status).toBe(401);
});

test('two gateways on one host keep their sessions apart, because the port is part of the cookie’s name', async () => {
  const [first, second] = [await world(), await world()];
  const [one, two] = [await signIn(first), await signIn(second)];
  expect(one.cookie.split('=')[0]).toBe(`silentgate_session_${new URL(first.url).port}`);
  // A browser sends both cookies to both ports.
  const cookie = `${one.cookie}; ${two.cookie}`;
  for (const w of [first, second])
    expect((await w.call('GET', `${v1}/session`, null, undefined, { cookie })).status).toBe(200);
  expect((await first.call('GET', `${v1}/session`, null, undefined, { cookie: two.cookie })).status).toBe(401);
});

test('a session that a key opened has the key’s scopes and ends with it', async () => {
  const w = await world();
  const { id, key } = await createKey(w.store, { name: 'desk', scopes: ['stock:read'], now: t0 });
  const answer = await w.call('POST', `${v1}/session`, null, { key });
  expect(answer.json).toEqual({ name: 'desk', scopes: ['stock:read'] });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await w.call('GET', `${v1}/stock`, null, undefined, { cookie })).status).toBe(200);
  expect((await w.call('GET', `${v1}/keys`, null, undefined, { cookie })).status).toBe(403);
  await w.store.keys.revoke(id, t0);
  expect((await w.call('GET', `${v1}/stock`, null, undefined, { cookie })).status).toBe(401);
});

test('signing in ends the session that the browser had: a planted cookie is worth nothing', async () => {
  const w = await world();
  const { cookie } = await signIn(w);
  const code = w.signInLink().split('=')[1];
  await w.call('POST', `${v1}/session`, null, { code }, { cookie });
  expect((await w.call('GET', `${v1}/session`, null, undefined, { cookie })).status).toBe(401);
});

test('a write by cookie must come from the gateway’s own page', async () => {
  const w = await world();
  const { cookie } = await signIn(w);
  const put = (headers: Record<string, string>) =>
    w.call('PUT', `${v1}/products/04710088000019`, null, { sku: null, name: 'x' }, { cookie, ...headers });
  const refused = [
    {},
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: w.url, 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of refused)
    expect([headers, (await put(headers as Record<string, string>)).status]).toEqual([headers, 403]);
  expect((await put({ origin: w.url })).status).toBe(200);
  expect((await put({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

test('nobody can be signed in by another site’s page', async () => {
  const w = await world();
  const code = w.signInLink().split('=')[1];
  const { status } = await w.call('POST', `${v1}/session`, null, { code }, { origin: 'http://evil.example' });
  expect(status).toBe(403);
  expect((await w.call('POST', `${v1}/session`, null, { code })).status).toBe(200);
});

/** Status of a request with a Host header of our choice, which fetch does not allow. */
function withHost(url: string, host: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${v1}/health`, { headers: { ...headers, host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('a name that is not ours is misdirected, whatever a proxy header says', async () => {
  const w = await world({ http: { host: '127.0.0.1', port: 0, allowedHosts: ['rfid.example'] } });
  for (const host of ['localhost', '127.0.0.1', 'LOCALHOST:8080', 'rfid.example', '[::1]:80']) {
    expect([host, await withHost(w.url, host)]).toEqual([host, 200]);
  }
  for (const host of ['evil.example', '10.9.8.7', 'localhost.evil.example', 'a b', '[::2]', 'rfid.example@evil']) {
    expect([host, [400, 421]]).toEqual([host, expect.arrayContaining([await withHost(w.url, host)])]);
  }
  expect(await withHost(w.url, 'evil.example', { 'x-forwarded-host': 'localhost' })).toBe(421);
});

test('every scope is one that a key may hold, and no other word is', () => {
  expect(scopes.every(isScope)).toBe(true);
  expect(isScope('stock:read ')).toBe(false);
});

test('who may write a thing may read it, and who runs it may do both; nothing else follows from a scope', () => {
  expect(grants('stock:write', 'stock:read')).toBe(true);
  expect(grants('crm:admin', 'crm:read')).toBe(true);
  expect(grants('stock:read', 'stock:write')).toBe(false);
  expect(grants('keys:admin', 'privacy:admin')).toBe(false);
});

test('only the local key makes sign-in codes: no other key, however great, and no session', async () => {
  const w = await world({ localKey: 'local-secret-of-this-process' });
  const made = await w.call('POST', `${v1}/session/codes`, 'local-secret-of-this-process');
  expect(made.status).toBe(200);
  expect((await w.call('POST', `${v1}/session/codes`, await w.key(...scopes))).status).toBe(403);
  expect((await w.call('POST', `${v1}/session/codes`, null)).status).toBe(401);
  const { cookie } = await signIn(w);
  const page = { cookie, origin: w.url };
  expect((await w.call('POST', `${v1}/session/codes`, null, undefined, page)).status).toBe(403);
  const spend = () => w.call('POST', `${v1}/session`, null, { code: made.json['code'] });
  expect([(await spend()).status, (await spend()).status]).toEqual([200, 401]);
});
