import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from 'mqtt';

const bin = process.env.SILENTGATE_BIN ?? fileURLToPath(new URL('../../../dist/cli/bin.js', import.meta.url));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs the built gateway with its embedded broker and one reader. */
export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-abuse-'));
  const [http, port] = [await freePort(), await freePort()];
  writeFileSync(
    join(folder, 'silentgate.yaml'),
    `site: { id: bench, name: bench }
data: ./data
http: { host: 127.0.0.1, port: ${http} }
mqtt: { broker: embedded, host: 127.0.0.1, port: ${port} }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor, name: floor }]
readPoints: [{ id: shelf, location: floor, kind: shelf }]
readers:
  - { id: honest, profile: generic/json, link: { mqtt: { topic: honest/reads } }, antennas: { 1: shelf } }
`,
  );
  const child = spawn(process.execPath, [bin, 'start'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const hear = (chunk) => {
    output += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const run = await until(() => JSON.parse(readFileSync(join(folder, 'data/run.json'), 'utf8')));
  await untilOpen(port);
  return {
    port,
    pid: child.pid,
    alive: () => child.exitCode === null && child.signalCode === null,
    output: () => output,
    readsHeard: async () => {
      const answer = await fetch(new URL('/api/v1/readers/honest', run.url), {
        headers: { authorization: `Bearer ${run.key}` },
      });
      return (await answer.json()).reads;
    },
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(read, limitMs = 90_000) {
  for (const end = Date.now() + limitMs; ; await wait(50)) {
    try {
      return read();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function untilOpen(port) {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connectSocket(port, '127.0.0.1');
    const opened = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (opened) return;
    await wait(50);
  }
  throw new Error('the embedded broker does not listen');
}

/** Publishes one read after the other with QoS 1, as a reader does that keeps what is not acknowledged. */
export function honestReader(port) {
  const client = connect({ host: '127.0.0.1', port, clientId: 'honest', clean: false, reconnectPeriod: 100 });
  client.on('error', () => undefined);
  const now = { acknowledged: 0, slowestMs: 0, running: true };
  const done = (async () => {
    for (let n = 0; now.running; n++) {
      const epc = `3034257BF7194E40${n.toString(16).toUpperCase().padStart(8, '0')}`;
      const begun = Date.now();
      await client.publishAsync('honest/reads', JSON.stringify({ epc, antenna: 1, rssi: -50 }), { qos: 1 });
      now.acknowledged += 1;
      now.slowestMs = Math.max(now.slowestMs, Date.now() - begun);
      await wait(20);
    }
  })().catch(() => undefined);
  return {
    now,
    end: async () => {
      now.running = false;
      await Promise.race([done, wait(10_000)]);
      client.end(true);
    },
  };
}
