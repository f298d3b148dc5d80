import { expect, test } from 'vitest';
import { bondFault, createBrokerAccount, createKey, type Scope, scopes } from '../../../../src/api/index.ts';
import { createWorlds, reader, t0, type World } from '../api-fixture.ts';

const world = createWorlds();
const v1 = '/api/v1';
const bindable = scopes.filter((scope) => bondFault([scope, 'readers:read']) === null);
const foreign = ['gate-9', 'no-such-reader', 'DESK-1', 'desk-1%20', 'desk-1%00', '..%2Fgate-9', 'gate%2D9'];

/** A site with two readers, and a key with all scopes that can be bound, bound to the first. */
async function site(): Promise<{ w: World; bound: string; unbound: string }> {
  const w = await world();
  const gate = { ...reader, id: 'gate-9', link: { ...reader.link, address: '/dev/ttyGATE9' } };
  const finding = {
    code: 'READER_OFFLINE',
    state: 'fail',
    params: { reader: 'gate-9' },
    text: 'gate-9',
    next: null,
    faults: [],
  };
  w.now.readers = [reader, { ...gate, findings: [{ ...finding, code: 'READER_OFFLINE', state: 'fail' }] }];
  const key = async (readers: string[]) =>
    (await createKey(w.store, { name: 'k', scopes: bindable, readers, now: t0 })).key;
  return { w, bound: await key(['desk-1']), unbound: await key([]) };
}

const bodyOf = (method: string) => (method === 'POST' ? { command: 'identify' } : undefined);

type Operation = { readonly method: string; readonly path: string };

async function operations(w: World): Promise<Operation[]> {
  const { json } = await w.call('GET', `${v1}/openapi.json`, await w.key('stock:read'));
  const paths = json['paths'] as Record<string, Record<string, unknown>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => [
      { method: method.toUpperCase(), path },
      ...(method === 'get' ? [{ method: 'HEAD', path }] : []),
    ]),
  );
}

test('a bound key gets the same 403 for every route of any other reader, whether there is one or not', async () => {
  const { w, bound } = await site();
  const ofReaders = (await operations(w)).filter(({ path }) => path.startsWith(`${v1}/readers/{`));
  expect(ofReaders.map(({ method, path }) => `${method} ${path.slice(v1.length)}`).sort()).toEqual([
    'GET /readers/{id}',
    'HEAD /readers/{id}',
    'POST /readers/{id}/commands',
    'POST /readers/{id}/reads',
  ]);
  const answers = new Set<string>();
  for (const { method, path } of ofReaders) {
    for (const id of foreign) {
      const { status, text, json } = await w.call(method, path.replace('{id}', id), bound, bodyOf(method));
      expect([method, path, id, status]).toEqual([method, path, id, 403]);
      if (method !== 'HEAD') answers.add(text);
      if (method !== 'HEAD') expect(json['code']).toBe('FORBIDDEN');
    }
    const own = await w.call(method, path.replace('{id}', 'desk-1'), bound, bodyOf(method));
    expect([method, path, own.status]).not.toEqual([method, path, 403]);
  }
  expect(answers.size).toBe(1);
  expect(w.commands.map((asked) => asked.command)).toEqual(['identify']);
});

test('every other route answers a bound key as it answers an unbound one, and names no other reader', async () => {
  const { w, bound, unbound } = await site();
  const others = (await operations(w)).filter(({ path }) => !path.startsWith(`${v1}/readers/{`));
  expect(others.length).toBeGreaterThan(25);
  for (const { method, path } of others) {
    const address = path.replace(/\{\w+\}/g, 'x');
    const [mine, all] = [await w.call(method, address, bound), await w.call(method, address, unbound)];
    expect([method, path, mine.status]).toEqual([method, path, all.status]);
    expect([path, /gate-9|GATE9/.test(mine.text)]).toEqual([path, false]);
  }
  const shown = async (path: string, key: string) => JSON.stringify((await w.call('GET', v1 + path, key)).json);
  expect(await shown('/readers', unbound)).toContain('gate-9');
  expect(await shown('/readers', bound)).toContain('desk-1');
  expect(await shown('/doctor', unbound)).toContain('reader gate-9');
  expect(await shown('/doctor', bound)).toContain('reader desk-1');
});

test('a session that a bound key opened is bound too', async () => {
  const { w, bound } = await site();
  const signedIn = await w.call('POST', `${v1}/session`, null, { key: bound });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = (path: string) => w.call('GET', v1 + path, null, undefined, { cookie });
  expect((await get('/readers/desk-1')).status).toBe(200);
  expect((await get('/readers/gate-9')).status).toBe(403);
  expect(((await get('/readers')).json['rows'] as { id: string }[]).map(({ id }) => id)).toEqual(['desk-1']);
});

test('scopes that are about all readers cannot be bound, nor can a key without any that is about one', () => {
  expect(scopes.filter((scope) => !bindable.includes(scope))).toEqual(['events:read', 'keys:admin']);
  const senseless: Scope[][] = [['stock:read'], ['crm:admin', 'privacy:admin'], [], [...scopes]];
  expect(senseless.map((wanted) => bondFault(wanted) === null)).toEqual([false, false, false, false]);
  expect(bondFault(['reads:write', 'stock:read'])).toBeNull();
});

test('over HTTP a key is bound to readers that there are, and only where that makes sense', async () => {
  const { w } = await site();
  const admin = await w.key(...scopes);
  const make = (readers: string[], wanted: Scope[]) =>
    w.call('POST', `${v1}/keys`, admin, { name: 'app', scopes: wanted, readers });
  const made = await make(['desk-1'], ['readers:read']);
  expect(made.status).toBe(201);
  expect((await w.call('GET', `${v1}/readers/gate-9`, made.json['key'] as string)).status).toBe(403);
  const rows = (await w.call('GET', `${v1}/keys`, admin)).json['rows'] as { id: string }[];
  expect(rows.find(({ id }) => id === made.json['id'])).toMatchObject({ kind: 'http', readers: ['desk-1'] });
  const unknown = await make(['desk-1', 'desk-2'], ['readers:read']);
  expect([unknown.status, unknown.json['errors']]).toEqual([
    400,
    [{ pointer: '/readers/1', found: 'desk-2', allowed: 'one of desk-1, gate-9' }],
  ]);
  expect((await make(['desk-1'], ['readers:read', 'events:read'])).status).toBe(400);
  expect((await make(['desk-1'], ['stock:read'])).status).toBe(400);
});

test('an account of the broker opens nothing of the API', async () => {
  const w = await world();
  const { id, password } = await createBrokerAccount(w.store, { name: 'dock', readers: ['desk-1'], now: t0 });
  const basic = `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;
  expect((await w.call('GET', `${v1}/readers`, password)).status).toBe(401);
  expect((await w.call('POST', `${v1}/session`, null, { key: password })).status).toBe(401);
  const pushed = await w.call('POST', `${v1}/readers/desk-1/reads`, null, {}, { authorization: basic });
  expect(pushed.status).toBe(401);
});
