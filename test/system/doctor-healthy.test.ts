import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { background, bin, command, type Daemon, freePort, startDaemon, temporaryFolder } from './harness.ts';

let folder: ReturnType<typeof temporaryFolder>;
let daemon: Daemon;
let port: number;
beforeEach(async () => {
  folder = temporaryFolder();
  port = await freePort();
  daemon = await startDaemon(folder.path, yaml());
});
afterEach(async () => {
  await daemon.stop();
  folder.remove();
});

const yaml = () => `site: { id: healthy }
http: { port: ${port} }
mqtt: { broker: embedded, port: ${port + 1 > 65_535 ? port - 1 : port + 1} }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: [{ id: desk-1, profile: magicrf/m100, link: { serial: { path: /dev/null } }, antennas: { 1: shelf-1 } }]
`;

const runFile = () => join(folder.path, 'data/run.json');
const run = () => JSON.parse(readFileSync(runFile(), 'utf8')) as { pid: number; url: string; key: string };

/** What would make somebody end the gateway that is well, or take its ports and devices for a stranger's. */
const harmful = /\b(end it|end that|kill|stop it|stop that|restart)\b|Another program|in use by another|does not run/i;

/** What doctor says while `daemon` is well; beside the test, which may have to answer it. */
async function doctor(): Promise<string> {
  const child = background(folder.path, ['doctor']);
  expect(await child.ended()).toBe(1);
  const output = child.output();
  expect(output).not.toMatch(harmful);
  expect(output).not.toMatch(/port: |reader desk-1/);
  return output;
}

/** Answers in the gateway's place, as the gateway might. */
async function inItsPlace(status: number | null): Promise<{ close(): void }> {
  const server = createServer((_request, response) => {
    if (status === null) return;
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end('{"detail":"Too much at once."}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(runFile(), JSON.stringify({ ...run(), url }));
  return {
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Whether root runs this, and another user could run the built program: a checkout in a closed folder is closed to all. */
function othersMayRead(): boolean {
  if (process.getuid?.() !== 0) return false;
  const read = `require('node:fs').accessSync(${JSON.stringify(bin)})`;
  return spawnSync(process.execPath, ['-e', read], { cwd: '/', uid: 65_534, gid: 65_534 }).status === 0;
}

describe('doctor never takes a gateway that runs for a stranger', () => {
  it('when its API does not answer in time', async () => {
    const mute = await inItsPlace(null);
    const said = await doctor();
    expect(said).toContain(`The gateway (process ${daemon.pid}) runs, but did not answer`);
    expect(said).toContain('Leave it running');
    expect(said).toContain('ok    database: ');
    mute.close();
  });

  it('when its API refuses', async () => {
    const busy = await inItsPlace(503);
    const said = await doctor();
    expect(said).toContain(`The gateway (process ${daemon.pid}) runs, but does not say how it is: Too much at once.`);
    busy.close();
  });

  it('when run.json is not there, or is no JSON', async () => {
    const before = readFileSync(runFile(), 'utf8');
    writeFileSync(runFile(), '{');
    expect(await doctor()).toContain(`Process ${daemon.pid} works in ${join(folder.path, 'data')}`);
    spawnSync('rm', [runFile()]);
    expect(await doctor()).toContain(`Process ${daemon.pid} works in ${join(folder.path, 'data')}`);
    writeFileSync(runFile(), before);
  });

  it('while it is stopped by a signal and hangs', async () => {
    process.kill(daemon.pid, 'SIGSTOP');
    const said = await doctor();
    process.kill(daemon.pid, 'SIGCONT');
    expect(said).toContain(`process ${daemon.pid}) runs, but did not answer at ${daemon.url} within 15 s`);
  });

  it.runIf(othersMayRead())('when another user asks', async () => {
    chmodSync(folder.path, 0o755);
    const child = spawn(process.execPath, [bin, 'doctor'], { cwd: folder.path, uid: 65_534, gid: 65_534 });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).not.toMatch(harmful);
    expect(said).toMatch(/Whether the gateway runs cannot be said: .*only for the user with the id 0/);
    expect(said).toContain('sudo -u USER silentgate doctor');
    expect(said).not.toContain('data folder');
    expect(child.exitCode).toBe(1);
  });

  it('and from another folder it says whose gateway it looked for', () => {
    const elsewhere = temporaryFolder();
    const done = command(elsewhere.path, ['doctor']);
    expect(done.out).toContain(`There is no silentgate.yaml in ${elsewhere.path}`);
    expect(done.out).toContain('silentgate doctor --config FILE');
    expect(existsSync(join(elsewhere.path, 'demo-data'))).toBe(false);
    expect(command(elsewhere.path, ['doctor', '--config', join(folder.path, 'silentgate.yaml')])).toMatchObject({
      out: expect.stringContaining('store: The database can be written'),
    });
    elsewhere.remove();
  });

  it('and calls a Silentgate on the port of another configuration what it is', () => {
    const other = temporaryFolder();
    writeFileSync(join(other.path, 'silentgate.yaml'), yaml());
    const done = command(other.path, ['doctor']);
    expect(done.out).toContain(`Another Silentgate, with a data folder of its own, listens on 127.0.0.1:${port}.`);
    expect(done.out).not.toMatch(/\b(end it|kill|stop it)\b/i);
    expect(command(other.path, ['start']).err).not.toMatch(/\b(end it|kill|stop it)\b/i);
    other.remove();
  });
});

describe('a run.json that a killed gateway left', () => {
  it('is no gateway, though its process id and its port are others’ by now', async () => {
    const left = readFileSync(runFile(), 'utf8');
    await daemon.kill();
    const heard: string[] = [];
    const stranger = createServer((request, response) => {
      heard.push(`${request.url} ${request.headers.authorization}`);
      response.end('hello');
    }).listen(port, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    mkdirSync(join(folder.path, 'data'), { recursive: true });
    writeFileSync(runFile(), left.replace(String(daemon.pid), String(process.pid)));
    const child = background(folder.path, ['doctor']);
    expect(await child.ended()).toBe(1);
    expect(child.output()).toContain('FAIL  gateway: The gateway does not run.');
    expect(child.output()).toContain(`Another program listens on 127.0.0.1:${port}.`);
    expect(child.output()).not.toContain(String(process.pid));
    const listed = background(folder.path, ['reader', 'list']);
    expect(await listed.ended()).toBe(1);
    expect(listed.output()).toContain('silentgate start');
    expect(heard).toEqual(['/api/v1/health undefined']);
    stranger.close();
  });
});
