import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { connectionLimits } from '../../../../src/api/access/connection-limits.ts';
import { createSessions } from '../../../../src/api/access/sessions.ts';
import { buildApp } from '../../../../src/api/app.ts';
import { createKey, type Scope } from '../../../../src/api/index.ts';
import { openSecond } from '../../../../src/api/second-address.ts';
import { type Log, silentLog } from '../../../../src/kit/index.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { t0, worldParts } from '../api-fixture.ts';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

const [cert, key] = ['cert', 'key'].map((name) => fileURLToPath(new URL(`../localhost-${name}.pem`, import.meta.url)));
const flooder = '127.0.0.2';

type Line = { message: string; fields: Record<string, unknown> };

async function listening(limits: Partial<typeof connectionLimits> = {}, tls = false) {
  const warned: Line[] = [];
  const failed: Line[] = [];
  const log: Log = {
    ...silentLog,
    warn: (fields, message) => void warned.push({ message, fields }),
    error: (fields, message) => void failed.push({ message, fields }),
  };
  const secure = tls ? { tls: { cert: cert ?? '', key: key ?? '' } } : {};
  const { deps, clean, clock } = worldParts({ log, http: { host: '127.0.0.1', port: 0, ...secure } });
  cleaning.push(clean);
  const app = await buildApp(deps, createSessions(deps.clock), { ...connectionLimits, ...limits });
  cleaning.push(() => app.close());
  cleaning.push(() => deps.live.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const open = async (from: string, text = ''): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from }).on('error', () => undefined);
    cleaning.push(() => socket.destroy());
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
    return socket.resume();
  };
  const keyOf = async (...scopes: Scope[]) => (await createKey(deps.store, { name: 'test', scopes, now: t0 })).key;
  const host = '127.0.0.1';
  return {
    app,
    port,
    host: host as string,
    open,
    keyOf,
    warned,
    failed,
    clock,
    health: `GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n`,
  };
}

type World = Awaited<ReturnType<typeof listening>>;

/** The status of a request on a connection of its own; 0 where there is none. */
function ask({ port, host }: World, from: string, tls = false, headers = {}, path = '/api/v1/health'): Promise<number> {
  const options = { port, host, path, localAddress: from, agent: false, headers };
  return new Promise((resolve) => {
    const sent = (tls ? requestTls : request)({ ...options, rejectUnauthorized: false } as object, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0)).end();
  });
}

/** A live feed; resolves when its answer has begun. */
function listen({ port }: World, from: string, apiKey: string): Promise<IncomingMessage> {
  const options = { port, host: '127.0.0.1', path: '/api/v1/events', localAddress: from, agent: false };
  return new Promise((resolve, reject) => {
    const sent = get({ ...options, headers: { authorization: `Bearer ${apiKey}` } }, (answer) => {
      answer.on('error', () => undefined);
      resolve(answer.resume());
    });
    cleaning.push(() => sent.destroy());
    sent.on('error', reject);
  });
}

const post = 'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const floods = [
  ['idle from the start', ''],
  ['over headers that never end', 'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX: x'],
  ['over bodies that never end', `${post}Content-Length: 60000\r\n\r\n{`],
  ['over chunked bodies that never end', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`],
  ['idle after an answer', 'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n'],
] as const;

describe('600 sockets of one anonymous host', () => {
  it.each(floods)(
    '%s: another host, the machine itself and the host’s neighbours are answered',
    async (_kind, text) => {
      const w = await listening();
      const flood: Socket[] = [];
      for (let n = 0; n < 600; n++) flood.push(await open(w, text));
      await eventually(() => flood.filter((socket) => !socket.closed).length === 64);
      for (const from of ['127.0.0.3', '127.0.0.4', '127.0.0.1']) expect(await ask(w, from)).toBe(200);
      // The neighbour behind the same address gets in at the cost of the oldest of the flood, which is a second old.
      await eventually(async () => (await ask(w, flooder)) === 200);
      expect(w.failed).toEqual([]);
    },
  );

  it('over TLS, before any handshake: others have theirs', async () => {
    const w = await listening({}, true);
    const flood: Socket[] = [];
    for (let n = 0; n < 600; n++) flood.push(await open(w, ''));
    await eventually(() => flood.filter((socket) => !socket.closed).length === 64);
    for (const from of ['127.0.0.3', '127.0.0.1']) expect(await ask(w, from, true)).toBe(200);
  });

  it('cost no signed-in feed of the same address, and two lines in the log', async () => {
    const w = await listening();
    const feeds = [
      await listen(w, flooder, await w.keyOf('events:read')),
      await listen(w, flooder, await w.keyOf('events:read')),
    ];
    for (let n = 0; n < 600; n++) await open(w, '');
    expect(feeds.map((feed) => feed.destroyed)).toEqual([false, false]);
    await w.clock.advance(60_000);
    expect(w.warned.length).toBeLessThanOrEqual(4);
    expect(new Set(w.warned.map(({ fields }) => fields['from']))).toEqual(new Set([flooder]));
    expect(w.warned.reduce((sum, { fields }) => sum + Number(fields['times']), 0)).toBeGreaterThanOrEqual(536);
  });

  function open(w: World, text: string): Promise<Socket> {
    return w.open(flooder, text);
  }
});

describe('more connections than there may be', () => {
  it('cost the address that has most of them its oldest; a feed and an upload are never given up', async () => {
    const w = await listening({ connections: 6, strangersPerAddress: 5 });
    const feed = await listen(w, '127.0.0.5', await w.keyOf('events:read'));
    const upload = await w.open('127.0.0.5', uploadHead(await w.keyOf('products:write')));
    const greedy: Socket[] = [];
    for (let n = 0; n < 4; n++) greedy.push(await w.open(flooder));
    await eventually(async () => (await ask(w, '127.0.0.3')) === 200);
    await eventually(() => greedy[0]?.closed === true);
    expect(greedy.slice(1).map((socket) => socket.closed)).toEqual([false, false, false]);
    expect([feed.destroyed, upload.closed]).toEqual([false, false]);
    expect(w.warned[0]).toMatchObject({ message: 'connections closed to make room', fields: { from: flooder } });
  });

  it('are refused where all are served who have signed in, but the machine itself gets in', async () => {
    const w = await listening({ connections: 2 });
    const [a, b] = [await w.keyOf('events:read'), await w.keyOf('events:read')];
    const feeds = [await listen(w, '127.0.0.5', a), await listen(w, '127.0.0.5', b)];
    expect(await ask(w, '127.0.0.3')).toBe(0);
    expect(await ask(w, '127.0.0.1')).toBe(200);
    expect(feeds.map((feed) => feed.destroyed)).toEqual([false, false]);
  });

  const uploadHead = (apiKey: string) =>
    `POST /api/v1/products/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\ngtin,name\n`;
});

const hasty = { headersMs: 200, requestMs: 400, checkMs: 50, handshakeMs: 200 };

describe('a client', () => {
  it.each([
    ['its headers', false, 'slow requests cut off'],
    ['its TLS handshake', true, 'slow TLS handshakes cut off'],
  ])('that does not end %s is one line of its kind, with its address', async (_what, tls, message) => {
    const w = await listening(hasty, tls);
    const socket = await w.open(flooder, tls ? '' : w.health);
    if (!socket.closed) await once(socket, 'close');
    await eventually(() => w.warned.length > 0);
    expect(w.warned).toMatchObject([{ message, fields: { from: flooder, times: 1 } }]);
  });

  it('that speaks no TLS has a log line other than that of a slow one', async () => {
    const w = await listening({}, true);
    const socket = await w.open(flooder, w.health);
    if (!socket.closed) await once(socket, 'close');
    await eventually(() => w.warned.length > 0);
    expect(w.warned).toMatchObject([{ message: 'TLS handshakes failed', fields: { from: flooder } }]);
  });

  it.each([
    ['HTTP', false],
    ['TLS', true],
  ])(
    'that hangs up without waiting for its refusal over %s is counted, and is no failure of the gateway',
    async (_name, tls) => {
      const w = await listening({}, tls);
      const body = '{"key":"x"}';
      const text = `${post}Content-Length: ${body.length}\r\n\r\n${body}`;
      for (let n = 0; n < 40; n++) {
        const plain = await w.open(flooder, tls ? '' : text);
        if (tls) await sayOverTls(plain, text);
        if (n % 2 === 0) plain.resetAndDestroy();
        else plain.destroy();
      }
      await eventually(async () => (await signIn(w, tls)) === 429);
      expect(w.failed).toEqual([]);
    },
  );

  async function sayOverTls(plain: Socket, text: string): Promise<void> {
    const secure = connectTls({ socket: plain, rejectUnauthorized: false }).on('error', () => undefined);
    await once(secure, 'secureConnect');
    await new Promise<void>((resolve) => secure.write(text, () => resolve()));
  }

  it('that sends request after request without reading is closed at the ninth', async () => {
    const w = await listening();
    const apiKey = await w.keyOf('events:read');
    const feed = `GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`;
    const socket = await w.open(flooder, feed.repeat(9));
    if (!socket.closed) await once(socket, 'close');
    expect(w.warned.map(({ message }) => message)).toContain('connections with too many requests at once closed');
  });

  it('that comes by the second address of the server counts with the others', async () => {
    const w = await listening({ strangersPerAddress: 2, graceMs: 60_000 });
    const door = await openSecond(w.app, '127.0.0.7', w.port, silentLog);
    cleaning.push(() => door?.close());
    const open = () => connect({ port: w.port, host: '127.0.0.7', localAddress: flooder }).on('error', () => undefined);
    const held = [open(), open()];
    cleaning.push(...held.map((socket) => () => socket.destroy()));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    await eventually(async () => (await ask(w, flooder)) === 0);
    held[0]?.destroy();
    await eventually(async () => (await ask({ ...w, host: '127.0.0.7' }, flooder)) === 200);
    expect(await openSecond(w.app, '192.0.2.1', w.port, silentLog)).toBeNull();
  });

  function signIn({ port }: World, tls: boolean): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const options = {
      method: 'POST',
      port,
      host: '127.0.0.1',
      path: '/api/v1/session',
      localAddress: flooder,
      headers,
    };
    return new Promise((resolve) => {
      const sent = (tls ? requestTls : request)(
        { ...options, agent: false, rejectUnauthorized: false } as object,
        (answer) => resolve(answer.resume().statusCode ?? 0),
      );
      sent.on('error', () => resolve(0)).end('{"key":"x"}');
    });
  }
});
