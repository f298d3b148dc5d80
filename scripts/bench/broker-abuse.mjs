// npm run bench -- broker-abuse [--small] [--json] [--only NAME]: floods the embedded broker of a built gateway, one attack
// after the other, each against a fresh gateway, while an honest reader publishes. RSS as a ratio to 350 MB, read after the
// attack; the reads that were acknowledged to the honest reader must all have arrived.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from 'mqtt';

const bin = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));
const small = process.argv.includes('--small');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
const limitMb = 350;
const scale = small ? 0.1 : 1;
const times = (n) => Math.max(1, Math.round(n * scale));

const text = (value) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};
function packet(head, ...parts) {
  const body = Buffer.concat(parts);
  const digits = [];
  let rest = body.length;
  do {
    digits.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([head, ...digits]), body]);
}
const connectPacket = (id, { clean = true, will = null } = {}) =>
  packet(
    0x10,
    text('MQTT'),
    Buffer.from([4, (clean ? 2 : 0) | (will === null ? 0 : 4), 0, 0]),
    text(id),
    ...(will === null ? [] : [text(will.topic), text(will.payload)]),
  );
const subscribePacket = (filters, qos = 1) =>
  packet(0x82, Buffer.from([0, 1]), ...filters.flatMap((filter) => [text(filter), Buffer.from([qos])]));
const publishPacket = (topic, payload, { qos = 0, retain = false, id = 1 } = {}) =>
  packet(
    0x30 | (qos << 1) | (retain ? 1 : 0),
    text(topic),
    ...(qos === 0 ? [] : [Buffer.from([id >> 8, id & 255])]),
    Buffer.from(payload),
  );

/** A bare connection; `cut` once the gateway has ended it. */
async function open(port, { from = '127.0.0.9', read = true } = {}) {
  const socket = connectSocket({ port, host: '127.0.0.1', localAddress: from });
  const made = { socket, cut: false };
  socket.on('error', () => undefined);
  socket.on('close', () => {
    made.cut = true;
  });
  if (read) socket.resume();
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
  made.send = async (bytes) => {
    if (made.cut) return false;
    if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close'), wait(2000)]);
    return !made.cut;
  };
  return made;
}

async function signedIn(port, id, options = {}) {
  const made = await open(port, options);
  const answered =
    options.read === false ? wait(30) : Promise.race([once(made.socket, 'data'), once(made.socket, 'close')]);
  await made.send(connectPacket(id, options));
  await answered;
  return made;
}

/** Sessions that asked to be kept and went: each has `filters`. */
async function abandon(port, count, filters, from) {
  for (let n = 0; n < count; n++) {
    const made = await signedIn(port, `gone-${from}-${n}`, { clean: false, from });
    const answered = Promise.race([once(made.socket, 'data'), once(made.socket, 'close')]);
    await made.send(subscribePacket(filters));
    await answered;
    made.socket.destroy();
  }
}

/** Sends `next(n)` until `count` or until cut; connects again when cut. */
async function flood(port, count, next, from = '127.0.0.9') {
  let made = await signedIn(port, `flood-${from}-${Math.random()}`, { from });
  let again = 0;
  for (let n = 0; n < count; n += 200) {
    const batch = Buffer.concat(Array.from({ length: Math.min(200, count - n) }, (_, i) => next(n + i)));
    if (await made.send(batch)) continue;
    if (++again > 20) break;
    made = await signedIn(port, `flood-${from}-${Math.random()}`, { from });
  }
  await wait(300);
  made.socket.destroy();
}

const attacks = {
  'abandoned sessions': async ({ port }) => {
    for (const host of [9, 10]) await abandon(port, 200, ['flood'], `127.0.0.${host}`);
    await flood(port, times(32_000), (n) => publishPacket('flood', 'x', { qos: 1, id: (n % 65_000) + 1 }));
  },
  'abandoned sessions without end': async ({ port }) => {
    const levels = Array.from({ length: 60 }, (_, n) => n).join('/');
    for (let host = 9; host < 13; host++) {
      await abandon(port, times(1500), [`a/${levels}`, 'flood'], `127.0.0.${host}`);
    }
    await flood(port, times(20_000), (n) => publishPacket('flood', 'x'.repeat(50), { qos: 1, id: (n % 65_000) + 1 }));
  },
  'retained, tiny on short topics': async ({ port }) => {
    await flood(port, times(600_000), (n) => publishPacket(`r/${n}`, 'x', { retain: true }));
  },
  'retained, tiny on long topics': async ({ port }) => {
    const long = 'y'.repeat(20_000);
    await flood(port, times(20_000), (n) => publishPacket(`${long}${n}`, 'x', { retain: true }));
  },
  subscriptions: async ({ port, keep }) => {
    for (let client = 0; client < 40; client++) {
      const made = await signedIn(port, `subs-${client}`, { clean: client % 2 === 0 });
      keep.push(made);
      for (let n = 0; n < times(4000); n += 40) {
        const deep = Array.from({ length: 40 }, (_, level) => `${client}l${level}`).join('/');
        const filters = Array.from({ length: 40 }, (_, i) => `${n + i}/${deep}`);
        if (!(await made.send(subscribePacket(filters)))) break;
      }
    }
    await wait(1000);
  },
  'sockets that say nothing': async ({ port, keep }) => {
    for (let n = 0; n < times(4000); n++) {
      const made = await open(port, { from: `127.0.1.${n % 20}` });
      keep.push(made);
    }
    await wait(1000);
  },
  'halves of packets': async ({ port, keep }) => {
    const half = Buffer.concat([Buffer.from([0x30, 0xfe, 0xff, 0x3f]), text('a'), Buffer.alloc(1_000_000)]);
    for (let n = 0; n < times(600); n++) {
      const made = await signedIn(port, `half-${n}`, { from: `127.0.1.${n % 20}` });
      keep.push(made);
      await made.send(half);
    }
    await wait(1000);
  },
  'listeners that do not read': async ({ port, keep }) => {
    for (let n = 0; n < times(400); n++) {
      const made = await signedIn(port, `deaf-${n}`, { read: false, from: `127.0.1.${n % 20}` });
      made.socket.pause();
      keep.push(made);
      await made.send(subscribePacket(['flood'], 0));
    }
    await flood(port, times(200_000), () => publishPacket('flood', 'x'.repeat(20)));
    await flood(port, times(1000), () => publishPacket('flood', 'x'.repeat(60_000)));
  },
  'a burst for many listeners': async ({ port, keep }) => {
    for (let n = 0; n < times(400); n++) {
      const made = await signedIn(port, `many-${n}`, { from: `127.0.1.${n % 20}` });
      keep.push(made);
      await made.send(subscribePacket(['b'], 0));
    }
    await flood(port, times(20_000), () => publishPacket('b', ''));
  },
  'half-open QoS 2': async ({ port, keep }) => {
    for (let client = 0; client < times(100); client++) {
      const made = await signedIn(port, `two-${client}`, { clean: false, from: `127.0.1.${client % 20}` });
      keep.push(made);
      for (let n = 1; n < 900; n += 10) {
        const batch = Array.from({ length: 10 }, (_, i) => publishPacket('q', 'x'.repeat(8000), { qos: 2, id: n + i }));
        if (!(await made.send(Buffer.concat(batch)))) break;
      }
    }
    await wait(1000);
  },
  wills: async ({ port, keep }) => {
    const will = { topic: 'w'.repeat(60_000), payload: 'x'.repeat(60_000) };
    for (let n = 0; n < times(2000); n++) {
      keep.push(await signedIn(port, `will-${n}`.padEnd(60_000, 'i'), { will, from: `127.0.1.${n % 20}` }));
    }
    await wait(1000);
  },
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startGateway() {
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

async function until(read, limitMs = 20_000) {
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
function honestReader(port) {
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

const rssMb = (pid, key = 'VmRSS') =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function measure(name) {
  const gateway = await startGateway();
  const { port, pid } = gateway;
  const before = rssMb(pid);
  const honest = honestReader(port);
  const keep = [];
  await attacks[name]({ port, keep }).catch((error) => {
    if (gateway.alive()) throw error;
  });
  await wait(500);
  const alive = gateway.alive();
  const [after, peak] = alive ? [rssMb(pid), rssMb(pid, 'VmHWM')] : [null, null];
  await honest.end();
  const heard = alive ? await gateway.readsHeard() : null;
  for (const { socket } of keep) socket.destroy();
  const refusals = gateway.output().match(/"kind":"[A-Z_]+"/g) ?? [];
  await gateway.end();
  const { acknowledged, slowestMs } = honest.now;
  return {
    attack: name,
    alive,
    rssBeforeMb: Math.round(before),
    rssAfterMb: after === null ? null : Math.round(after),
    rssPeakMb: peak === null ? null : Math.round(peak),
    ratio: after === null ? null : Number((after / limitMb).toFixed(2)),
    acknowledged,
    heard,
    slowestAckMs: slowestMs,
    refusals: [...new Set(refusals)],
  };
}

const results = [];
for (const name of Object.keys(attacks)) {
  if (only !== null && !name.includes(only)) continue;
  const row = await measure(name);
  results.push(row);
  if (process.argv.includes('--json')) continue;
  process.stdout.write(
    row.alive
      ? `${name}: RSS ${row.rssAfterMb} MB after, ${row.rssPeakMb} MB at most = ${row.ratio} x ${limitMb} MB; ${row.heard} of ${row.acknowledged} acknowledged reads arrived, slowest ack ${row.slowestAckMs} ms; ${row.refusals.join(' ')}\n`
      : `${name}: the gateway ended; ${row.acknowledged} reads had been acknowledged\n`,
  );
}
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'broker-abuse', results })}\n`);
const bad = results.filter(({ alive, ratio, heard, acknowledged }) => !alive || ratio > 1 || heard < acknowledged);
process.exit(bad.length === 0 ? 0 : 1);
