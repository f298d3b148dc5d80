import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { connectionLimits } from '../../../src/api/connection-limits.ts';
import { createSessions } from '../../../src/api/sessions.ts';
import { worldParts } from './api-fixture.ts';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function listening(limits: Partial<typeof connectionLimits> = {}) {
  const { deps, clean } = worldParts();
  cleaning.push(clean);
  const app = await buildApp(deps, createSessions(deps.clock), { ...connectionLimits, ...limits });
  cleaning.push(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    cleaning.push(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { server: app.server, open, health: `GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` };
}

/** Everything the server says until it closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  const said: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => said.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(said).toString();
}

const hasty = { headersMs: 200, requestMs: 400, checkMs: 50 };

describe('a connection that takes its time', () => {
  it('over its headers is closed', async () => {
    const { open, health } = await listening(hasty);
    const socket = await open();
    socket.write(health);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('over its body is closed', async () => {
    const { open, health } = await listening(hasty);
    const socket = await open();
    const head = health.replace('GET /api/v1/health', 'POST /api/v1/session');
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{`);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('and says nothing at all is closed', async () => {
    const { open } = await listening(hasty);
    expect(await untilClosed(await open())).not.toContain('200');
  });
});

describe('more connections than there may be', () => {
  it('are closed unheard, while those that are open are served; who leaves makes room', async () => {
    const { server, open, health } = await listening({ connections: 2 });
    const [first, second] = [await open(), await open()];
    expect(await untilClosed(await open())).toBe('');
    second.write(`${health}\r\n`);
    const [answer] = (await once(second, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    first.destroy();
    // The server sees the end of a connection a moment after its client does.
    while ((await connectionsOf(server)) > 1) await new Promise((resolve) => setImmediate(resolve));
    const third = await open();
    third.write(`${health}Connection: close\r\n\r\n`);
    expect(await untilClosed(third)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('are those beyond 512, and a request has 15 s for its headers, 30 s in all', async () => {
    const { server } = await listening();
    expect([server.maxConnections, server.headersTimeout, server.requestTimeout]).toEqual([512, 15_000, 30_000]);
  });
});

function connectionsOf(server: Awaited<ReturnType<typeof listening>>['server']): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}
