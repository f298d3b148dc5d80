import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type Log, silentLog } from '../../../src/kit/index.ts';
import { createWorlds, type World } from './api-fixture.ts';

const world = createWorlds();

type Line = { message: string; fields: Record<string, unknown> };

async function logged() {
  const lines: Line[] = [];
  const keep: Log['warn'] = (fields, message) => void lines.push({ message, fields });
  const log: Log = { ...silentLog, warn: keep, error: keep, info: keep };
  return { w: await world({ log }), lines };
}

/** Requests one after the other on one connection from an address of its own; resolves when it is closed. */
async function send(w: World, texts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(w.url);
  const socket = connect({ port: Number(port), host: hostname, localAddress: '127.0.0.2' }).on(
    'error',
    () => undefined,
  );
  const said: Buffer[] = [];
  await once(socket, 'connect');
  for (const text of texts) {
    socket.write(text);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    said.push(chunk);
  }
  socket.destroy();
  return Buffer.concat(said).toString();
}

const start = (method: string, path: string, host = 'localhost') => `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
const jsonOf = (body: string) => `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** What an anonymous host may get wrong, and what the log calls it. */
const wrongs: Record<string, string> = {
  'wrong keys refused': `${start('GET', '/api/v1/stock')}Authorization: Bearer sg_x\r\n\r\n`,
  'requests for another name refused': `${start('GET', '/api/v1/health', 'evil.example')}\r\n`,
  'bad requests refused': `${start('POST', '/api/v1/session')}${jsonOf('{"nonsense":1}')}`,
  'large bodies refused': `${start('POST', '/api/v1/session')}${jsonOf(`{"key":"${'x'.repeat(70_000)}"}`)}`,
  'requests of other pages refused': `${start('POST', '/api/v1/session')}Origin: http://evil.example\r\n${jsonOf('{"key":"x"}')}`,
  'connections that speak no HTTP refused': 'NONSENSE\r\n\r\n',
  'large headers refused': `${start('GET', '/api/v1/health')}X: ${'x'.repeat(20_000)}\r\n\r\n`,
};

test('each kind of what an anonymous host gets wrong has a line of its own, with its address', async () => {
  const { w, lines } = await logged();
  for (const text of Object.values(wrongs)) await send(w, [text]);
  expect(lines.map(({ message }) => message)).toEqual(Object.keys(wrongs));
  expect(lines.map(({ fields }) => fields['from'])).toEqual(lines.map(() => '127.0.0.2'));
});

test('10,000 wrong requests of an anonymous host are a line per kind and minute, with their number', async () => {
  const { w, lines } = await logged();
  const texts = ['wrong keys refused', 'requests for another name refused', 'bad requests refused'].map(
    (kind) => wrongs[kind] ?? '',
  );
  const many = Array.from({ length: 1000 }, (_, n) => texts[n % 3] ?? '');
  await Promise.all(Array.from({ length: 10 }, () => send(w, many)));
  // The first 20 are wrong keys, the others of that minute come from an address that has had its twenty.
  expect(lines.length).toBeLessThanOrEqual(4);
  await w.clock.advance(60_000);
  expect(lines.length).toBeLessThanOrEqual(8);
  expect(lines.reduce((sum, { fields }) => sum + Number(fields['times']), 0)).toBe(10_000);
}, 120_000);

test('a page that asks who it is before it signs in has done nothing wrong', async () => {
  const { w, lines } = await logged();
  expect((await w.call('GET', '/api/v1/session', null)).status).toBe(401);
  expect((await w.call('GET', '/nowhere', null)).status).toBe(404);
  expect(lines).toEqual([]);
});

test('no cache keeps a refusal', async () => {
  const { w } = await logged();
  const refused = [
    await w.call('GET', '/api/v1/stock', null),
    await w.call('GET', '/api/v1/nowhere', await w.key('stock:read')),
    await w.call('POST', '/api/v1/session', null, { nonsense: 1 }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 404, 400]);
  for (const { headers } of refused) expect(headers.get('cache-control')).toBe('no-store');
});

test('the log never calls what a known key asks in vain a live feed', async () => {
  const { w, lines } = await logged();
  const key = await w.key('stock:read');
  expect((await w.call('GET', '/api/v1/readers', key)).status).toBe(403);
  expect((await w.call('GET', '/api/v1/nowhere', key)).status).toBe(404);
  expect(lines.map(({ message }) => message)).not.toContain('live feeds refused');
});

test('a bug that is met a thousand times is one line a minute for its route, with its stack', async () => {
  const lines: Line[] = [];
  const log: Log = { ...silentLog, error: (fields, message) => void lines.push({ message, fields }) };
  const presentAt = () => {
    throw new Error('broken');
  };
  const w = await world({ log, presence: { lastSeen: () => null, presentAt } });
  const key = await w.key('stock:read');
  for (let n = 0; n < 100; n++) expect((await w.call('GET', '/api/v1/locations', key)).status).toBe(500);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    message: 'request failed',
    fields: { route: '/api/v1/locations', error: 'broken' },
  });
  expect(String(lines[0]?.fields['stack'])).toContain('presentAt');
});
