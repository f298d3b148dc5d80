// npm run bench -- api [--small] [--json]: a gateway with a million items. What a question costs ÷ what a bare Fastify route costs (CPU);
// each route alone, as a ratio of 10 ms to its time; the same questions while 44,000 reads a second come in, 1 of 100 a new tag (5 ms to
// the p99); CPU at 44,000 known reads a second; ready after kill -9 (2.5 s, 600 MB).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import { connectAsync } from 'mqtt';
import { createStream, epcOf, gtin } from './daemon/payloads.mjs';
import { cpuOf, rssOf, startGateway } from './daemon/process.mjs';

const small = process.argv.includes('--small');
const items = small ? 2_000 : 1_000_000;
const results = [];
const requests = small ? 200 : 5_000;
const loadMs = small ? 1_000 : 10_000;
const readsPerSecond = small ? 4_400 : 44_000;
const inField = small ? 500 : 20_000;
const bars = { turnMs: 10, p99Ms: 5, readyMs: 2_500, rss: 600 * 1024 * 1024, share50: 0.06, share1: 0.35 };

/** The peer: one route that gives a fixed row, as Fastify alone gives it. */
async function bare() {
  const app = Fastify();
  const row = { gtin, sku: null, name: null, location: 'back', bucket: 'on_back', quantity: 1 };
  app.get('/stock', async () => ({ rows: [row], next: null }));
  process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }));
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** One request; ms until its last byte. */
function timed(url, key) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const headers = key === null ? {} : { authorization: `Bearer ${key}` };
    request(url, { agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - begun);
        else reject(new Error(`${url}: ${answer.statusCode}`));
      });
    })
      .on('error', reject)
      .end();
  });
}

/** CPU µs a request costs the process. */
async function costOf(pid, urls, key) {
  for (const url of urls.slice(0, 100)) await timed(url, key);
  const before = cpuOf(pid);
  const lanes = Array.from({ length: 4 }, (_, lane) => urls.filter((_, n) => n % 4 === lane));
  await Promise.all(
    lanes.map(async (lane) => {
      for (const url of lane) await timed(url, key);
    }),
  );
  return Math.max(1, cpuOf(pid) - before) / urls.length;
}

async function fill(gateway) {
  const stream = createStream({ batch: 1000, inField: 0, newEvery: 1, perReport: 2 });
  const messages = items / 1000;
  for (let n = 0; n < messages; n++) {
    const [body] = stream.messages(1);
    const headers = { 'content-type': 'application/json' };
    const answer = await gateway.ask('/readers/pushed/reads', { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`fill: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}

/** Publishes at the given speed until told to stop; the reads that were acknowledged meanwhile. */
function load(port, { batch, newEvery, topic, firstNew }) {
  const stream = createStream({ batch, inField, newEvery, firstNew });
  const perTick = readsPerSecond / batch / 100;
  const state = { running: true, acknowledged: 0, sent: 0 };
  const done = (async () => {
    const mqtt = await connectAsync({ host: '127.0.0.1', port, clientId: `load-${topic}` });
    const begun = performance.now();
    while (state.running) {
      const due = Math.floor(((performance.now() - begun) / 10) * perTick);
      for (const text of stream.messages(Math.min(due - state.sent, 1000))) {
        state.sent += 1;
        mqtt.publish(`${topic}/reads`, text, { qos: 1 }, (error) => {
          if (!error) state.acknowledged += batch;
        });
      }
      await wait(5);
    }
    await mqtt.endAsync();
  })();
  return {
    state,
    end: async () => {
      state.running = false;
      await done;
    },
  };
}

const percentile = (list, share) => list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * share)];
const rounded = (value) => Number(value.toFixed(3));

const say = (name, value, unit, ratio) => results.push({ name, value: rounded(value), unit, ratio: rounded(ratio) });
const questionsOf = (gateway) => ({
  '/stock?gtin': () => `${gateway.url}/api/v1/stock?gtin=${gtin}`,
  '/items/{epc}': () => `${gateway.url}/api/v1/items/${epcOf(Math.floor(Math.random() * items))}`,
});

async function measureAll() {
  let gateway = await startGateway();
  try {
    await fill(gateway);
    await againstBare(gateway);
    await eachRoute(gateway);
    await shareOfCore(gateway);
    await underLoad(gateway);
    await gateway.end({ keep: true, signal: 'SIGKILL' });
    gateway = await startGateway({ folder: gateway.home });
    await wait(1_000);
    say(`ready after kill -9: ${bars.readyMs} ms ÷ its time`, gateway.readyMs, 'ms', bars.readyMs / gateway.readyMs);
    const rss = rssOf(gateway.pid);
    say('memory after the start: 600 MB ÷ its RSS', rss / 1024 / 1024, 'MB', bars.rss / rss);
  } finally {
    await gateway.end();
    agent.destroy();
  }
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'api', results })}\n`);
  else for (const r of results) process.stdout.write(`${r.name}: ${r.value} ${r.unit}; ratio ${r.ratio}\n`);
}

async function againstBare(gateway) {
  const peer = fork(fileURLToPath(import.meta.url), ['bare']);
  const [peerUrl] = await once(peer, 'message');
  const rounds = Array.from({ length: small ? 1 : 5 }, (_, n) => n);
  const questions = Object.entries(questionsOf(gateway)).map(([name, make]) => ({ name, make, costs: [] }));
  const bareCosts = [];
  for (const _ of rounds) {
    bareCosts.push(await costOf(peer.pid, Array(requests).fill(`${peerUrl}/stock`), null));
    for (const { make, costs } of questions) {
      costs.push(await costOf(gateway.pid, Array.from({ length: requests }, make), gateway.key));
    }
  }
  peer.kill('SIGKILL');
  for (const { name, costs } of questions) {
    const cost = percentile(costs, 0.5);
    say(`${name}: CPU of a bare route ÷ its own`, cost, 'µs', percentile(bareCosts, 0.5) / cost);
  }
}

const routes = [
  '/items?limit=100',
  '/items?lifecycle=SOLD',
  '/items?lifecycle=IN_STOCK',
  `/items?gtin=${gtin}`,
  '/items?location=back',
  '/stock',
  '/stock?q=4712',
  '/stock?location=back',
  '/locations',
  `/items/${epcOf(1)}/history`,
  '/readers',
  '/health',
];

async function eachRoute(gateway) {
  for (const path of routes) {
    const taken = [];
    for (let n = 0; n < 20; n++) taken.push(await timed(`${gateway.url}/api/v1${path}`, gateway.key));
    const ms = percentile(taken, 0.95);
    say(`${path}: ${bars.turnMs} ms ÷ its p95`, ms, 'ms', bars.turnMs / ms);
  }
}

async function shareOfCore(gateway) {
  const shapes = [
    { name: '50 a message', batch: 50, topic: 'many', bar: bars.share50 },
    { name: '1 a message', batch: 1, topic: 'one', bar: bars.share1 },
  ];
  for (const { name, batch, topic, bar } of shapes) {
    const running = load(gateway.port, { batch, newEvery: 0, topic, firstNew: items });
    await wait(small ? 300 : 3_000);
    const [before, begun, at] = [cpuOf(gateway.pid), performance.now(), running.state.acknowledged];
    await wait(loadMs);
    const seconds = (performance.now() - begun) / 1000;
    const share = (cpuOf(gateway.pid) - before) / 1e6 / seconds;
    const rate = Math.round((running.state.acknowledged - at) / seconds);
    await running.end();
    say(`${rate} known reads/s, ${name}: ${bar} of a core ÷ its CPU`, share, 'of a core', bar / share);
  }
}

async function underLoad(gateway) {
  const running = load(gateway.port, { batch: 50, newEvery: 100, topic: 'many', firstNew: items });
  await wait(small ? 300 : 3_000);
  const [at, begun] = [running.state.acknowledged, performance.now()];
  const questions = Object.entries(questionsOf(gateway)).map(([name, make]) => ({ name, make, taken: [] }));
  while (performance.now() - begun < loadMs) {
    for (const { make, taken } of questions) taken.push(await timed(make(), gateway.key));
    await wait(2);
  }
  const rate = (running.state.acknowledged - at) / ((performance.now() - begun) / 1000);
  await running.end();
  for (const { name, taken } of questions) {
    const p99 = percentile(taken, 0.99);
    say(`${name} while reads come, 1 of 100 new: ${bars.p99Ms} ms ÷ p99`, p99, 'ms', bars.p99Ms / p99);
  }
  say(`reads acknowledged ÷ ${readsPerSecond} a second`, rate, 'reads/s', rate / readsPerSecond);
}

if (process.argv[2] === 'bare') await bare();
else await measureAll();
