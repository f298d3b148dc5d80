import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectionLimits } from '../../../../src/api/access/connection-limits.ts';
import { createSessions } from '../../../../src/api/access/sessions.ts';
import { buildApp } from '../../../../src/api/app.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { worldParts } from '../api-fixture.ts';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function listening(limits: Partial<typeof connectionLimits> = {}, webRoot: string | null = null) {
  const { deps, clean, clock } = worldParts({ webRoot });
  cleaning.push(clean);
  const app = await buildApp(deps, createSessions(deps.clock), { ...connectionLimits, ...limits });
  cleaning.push(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const open = async (): Promise<Socket> => {
    // Not the machine's own address: that one always gets in.
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }).on('error', () => undefined);
    cleaning.push(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { server: app.server, open, clock, health: `GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` };
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
  it('are closed unheard while those that are open are young and served; who leaves makes room', async () => {
    const { server, open, health } = await listening({ connections: 2, graceMs: 60_000 });
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

  it('are those beyond 512, and 32 of the machine itself; a request has 15 s for its headers, 30 s in all', async () => {
    const { server } = await listening();
    expect(connectionLimits.connections).toBe(512);
    expect([server.maxConnections, server.headersTimeout, server.requestTimeout]).toEqual([544, 15_000, 30_000]);
  });
});

describe('an answer', () => {
  it('of which nothing is taken for a minute is cut off; one that is taken slowly is not', async () => {
    const { clock, ask } = await deafScene();
    const [deaf, slow] = [await ask(), await ask()];
    await eventually(() => deaf.bytesRead > 0 && slow.bytesRead > 0);
    for (let looks = 0; looks < 14; looks++) {
      const before = slow.bytesRead;
      slow.resume();
      await eventually(() => slow.bytesRead > before + 6_000_000);
      slow.pause();
      await clock.advance(5_000);
    }
    deaf.resume();
    if (!deaf.closed) await once(deaf, 'close');
    expect(deaf.bytesRead).toBeLessThan(size);
    slow.resume();
    await eventually(() => slow.bytesRead > size);
  });
});

const size = 150_000_000;

/** A file that no buffer between the two ends holds, and a way to ask for it without taking the answer. */
async function deafScene() {
  const root = mkdtempSync(join(tmpdir(), 'silentgate-web-'));
  cleaning.push(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'large.bin'), Buffer.alloc(size));
  const scene = await listening({}, root);
  const ask = async () => {
    const socket = await scene.open();
    socket.write('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.once('data', () => socket.pause());
    return socket;
  };
  return { ...scene, ask };
}

function connectionsOf(server: Awaited<ReturnType<typeof listening>>['server']): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}
