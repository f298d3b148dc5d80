// What one anonymous host with 600 slow or idle sockets costs the others: p99 of a signed-in request from two other addresses
// while the flood stands, as a ratio to 500 ms; beside them a host that is not idle and sends wrong keys. Over HTTP and TLS, against the built daemon. A request that fails counts 10 s.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';

const limitMs = 500;
const failedMs = 10_000;
const attacker = '127.0.0.2';
const others = ['127.0.0.1', '127.0.0.3'];
const root = fileURLToPath(new URL('../..', import.meta.url));
const small = process.argv.includes('--small');
const sockets = 600;
const measureMs = small ? 700 : 10_000;

const health = 'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n';
const post =
  'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n';

/** Each way to hold a socket: what is said at once, and what again every 100 ms. */
const floods = {
  'idle from the start': { first: '', drip: '' },
  'headers that never end': { first: health, drip: 'X: x\r\n' },
  'bodies that never end': { first: post, drip: ' ' },
  'idle after an answer': { first: `${health}\r\n`, drip: '' },
  'answers that nobody reads': { first: 'page', drip: '', deaf: true },
  'wrong keys, again and again': {
    first: '',
    drip: `${health.replace('health', 'stock')}Authorization: Bearer x\r\n\r\n`,
  },
};
const tlsFloods = {
  'TLS handshakes that never end': { first: '', drip: '', raw: true },
  'TLS, headers that never end': floods['headers that never end'],
};

if (process.argv[2] === 'attack') attack(JSON.parse(process.argv[3]));
else await measureAll();

/** Holds the sockets; who is cut off comes again. */
function attack({ port, tls, flood, script }) {
  const page = `GET ${script} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(8);
  const first = flood.first === 'page' ? page : flood.first;
  const open = () => {
    const plain = connect({ port, host: '127.0.0.1', localAddress: attacker });
    const socket = tls && !flood.raw ? connectTls({ socket: plain, rejectUnauthorized: false }) : plain;
    const drip = setInterval(() => flood.drip !== '' && socket.writableLength === 0 && socket.write(flood.drip), 100);
    for (const either of new Set([socket, plain])) either.on('error', () => undefined);
    socket.on(tls && !flood.raw ? 'secureConnect' : 'connect', () => socket.write(first));
    if (!flood.deaf) socket.resume();
    plain.on('close', () => {
      clearInterval(drip);
      setTimeout(open, 100);
    });
  };
  for (let n = 0; n < sockets; n++) open();
  setTimeout(() => process.send?.('standing'), 700);
}

async function measureAll() {
  const results = [];
  for (const [tls, kinds] of [
    [false, floods],
    [true, tlsFloods],
  ]) {
    const daemon = await startDaemon(tls);
    try {
      for (const [kind, flood] of [['no flood', null], ...Object.entries(kinds)]) {
        results.push({ kind: tls && flood === null ? 'TLS, no flood' : kind, ...(await measure(daemon, tls, flood)) });
      }
    } finally {
      await daemon.stop();
    }
  }
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'http-abuse', results })}\n`);
  else for (const r of results) process.stdout.write(`${textOf(r)}\n`);
}

function textOf({ kind, requests, failed, p99Ms, ratio, lines }) {
  return `${kind}: ${requests} requests of others, ${failed} failed, p99 ${p99Ms} ms; ratio to ${limitMs} ms ${ratio}; ${lines} log lines`;
}

async function measure(daemon, tls, flood) {
  const before = daemon.lines();
  const child =
    flood === null
      ? null
      : fork(fileURLToPath(import.meta.url), [
          'attack',
          JSON.stringify({ port: daemon.port, tls, flood, script: daemon.script }),
        ]);
  if (child !== null) await once(child, 'message');
  const until = Date.now() + measureMs;
  const taken = await Promise.all(others.map((from) => askUntil(daemon, tls, from, until)));
  child?.kill('SIGKILL');
  if (child !== null) await once(child, 'exit');
  const all = taken.flat().toSorted((a, b) => a - b);
  const p99 = all[Math.min(all.length - 1, Math.floor(all.length * 0.99))];
  return {
    requests: all.length,
    failed: all.filter((ms) => ms >= failedMs).length,
    p99Ms: Number(p99.toFixed(1)),
    ratio: Number((p99 / limitMs).toFixed(3)),
    lines: daemon.lines() - before,
  };
}

/** Asks one after the other, each time on a new connection, as a page that was just opened does. */
async function askUntil(daemon, tls, from, until) {
  const taken = [];
  while (Date.now() < until || taken.length < 3) {
    taken.push(await ask(daemon, tls, from));
    await pause(20);
  }
  return taken;
}

function ask({ port, key }, tls, from) {
  const begun = performance.now();
  const [request, Agent] = tls ? [httpsRequest, HttpsAgent] : [httpRequest, HttpAgent];
  const agent = new Agent({ keepAlive: false });
  const headers = { authorization: `Bearer ${key}`, connection: 'close' };
  const options = { port, host: '127.0.0.1', path: '/api/v1/stock', localAddress: from, agent, headers, timeout: 5000 };
  return new Promise((resolve) => {
    const failed = () => resolve(failedMs);
    const sent = request({ ...options, rejectUnauthorized: false }, (answer) => {
      answer.on('error', failed).resume();
      answer.on('end', () => resolve(answer.statusCode === 200 ? performance.now() - begun : failedMs));
    });
    sent.on('timeout', () => sent.destroy()).on('error', failed);
    sent.end();
  });
}

async function startDaemon(tls) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-bench-'));
  const http = { port: 0, ...(tls ? { tls: { cert: pem('cert'), key: pem('key') } } : {}) };
  const config = {
    data: './data',
    site: { id: 'bench' },
    http,
    locations: [{ id: 'floor', kind: 'sales-floor' }],
    readPoints: [{ id: 'shelf', location: 'floor', kind: 'shelf' }],
    readers: [],
  };
  writeFileSync(join(folder, 'silentgate.yaml'), JSON.stringify(config));
  const child = spawn(process.execPath, [join(root, 'dist/cli/bin.js'), 'start'], { cwd: folder });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const run = await untilRunning(join(folder, 'data/run.json'), child, () => text);
  const port = Number(new URL(run.url).port);
  return {
    port,
    key: run.key,
    script: `/assets/${readdirSync(join(root, 'dist/web/assets')).find((name) => name.endsWith('.js'))}`,
    lines: () => text.split('\n').length,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function pem(name) {
  return join(root, `test/edge/api/localhost-${name}.pem`);
}

async function untilRunning(file, child, output) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the daemon ended: ${output()}`);
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      await pause(25);
    }
  }
}
