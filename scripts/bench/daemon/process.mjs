// A daemon as a process of its own, and what it costs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { profiles } from './payloads.mjs';

const bin = process.env.SILENTGATE_BIN ?? fileURLToPath(new URL('../../../dist/cli/bin.js', import.meta.url));

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** CPU of a process and all its threads so far, µs. proc(5): utime and stime in hundredths of a second. */
export function cpuOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Resident memory, bytes. */
export function rssOf(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

export async function until(read, limitMs = 90_000) {
  for (const end = Date.now() + limitMs; ; await wait(20)) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

const yamlOf = (http, mqtt) => `site: { id: bench, name: bench }
data: ./data
http: { host: 127.0.0.1, port: ${http} }
mqtt: { broker: embedded, host: 127.0.0.1, port: ${mqtt} }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room, name: back }]
readPoints: [{ id: dock, location: back, kind: portal, bizStep: receiving }]
readers:
  - { id: many, profile: ${profiles[50]}, link: { mqtt: { topic: many/reads } }, antennas: { 1: dock } }
  - { id: one, profile: ${profiles[1]}, link: { mqtt: { topic: one/reads } }, antennas: { 1: dock } }
  - { id: pushed, profile: ${profiles[50]}, link: { http: {} }, antennas: { 1: dock } }
`;

/** The built gateway with its embedded broker and three readers; `folder`: where its data is already. */
export async function startGateway({ folder = null } = {}) {
  const home = folder ?? mkdtempSync(join(tmpdir(), 'silentgate-bench-'));
  const [http, port] = [await freePort(), await freePort()];
  writeFileSync(join(home, 'silentgate.yaml'), yamlOf(http, port));
  const begun = performance.now();
  const child = spawn(process.execPath, [bin, 'start'], { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-10_000);
    });
  }
  const run = await until(() => {
    if (child.exitCode !== null) throw new Error(`the gateway ended: ${output}`);
    const told = JSON.parse(readFileSync(join(home, 'data/run.json'), 'utf8'));
    if (told.pid !== undefined && told.pid !== child.pid) throw new Error('not yet');
    return told;
  });
  const ask = async (path, init = {}) => {
    const headers = { authorization: `Bearer ${run.key}`, ...init.headers };
    return fetch(new URL(`/api/v1${path}`, run.url), { ...init, headers });
  };
  await until(async () => {
    if (!(await ask('/health')).ok) throw new Error('not ready');
  });
  return {
    pid: child.pid,
    port,
    url: run.url,
    key: run.key,
    home,
    readyMs: performance.now() - begun,
    ask,
    end: async ({ keep = false, signal = 'SIGTERM' } = {}) => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      if (!keep) rmSync(home, { recursive: true, force: true });
    },
  };
}
