// npm run bench -- broker-overheads [--small] [--json]: what one session, filter, waiting message and retained message costs the embedded
// broker, in bytes of heap after a collection, as a ratio to what `overheads` of src/links/broker-limits.ts counts for it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brokerLimits, overheads } from '../../dist/links/broker-limits.js';
import { startBroker } from '../../dist/links/index.js';
import { abandon, flood, publishPacket, signedIn, subscribePacket } from './broker-abuse/wire.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const small = process.argv.includes('--small');
const many = (n) => (small ? n / 10 : n);
const wide = Object.fromEntries(Object.keys(brokerLimits).map((name) => [name, 1_000_000_000]));
const limits = { ...wide, connectMs: 60_000, topic: 1024, topicLevels: 32 };

async function bytesOf(fill, prepare = async () => undefined) {
  const broker = await startBroker({ host: '127.0.0.1', port: 0, limits });
  const keep = [];
  await prepare(broker.port, keep);
  const before = await settled();
  const count = await fill(broker.port, keep);
  const after = await settled();
  for (const { socket } of keep) socket.destroy();
  await broker.close();
  return (after - before) / count;
}

async function settled() {
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function subscribe(made, filters) {
  for (let n = 0; n < filters.length; n += 50) await made.send(subscribePacket(filters.slice(n, n + 50)));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return filters.length;
}

const filtersOf = (levels) =>
  Array.from({ length: many(5000) }, (_, n) => Array.from({ length: levels }, (_, level) => `${n}-${level}`).join('/'));
const one = (port, keep) => signedIn(port, 'one', { clean: false }).then((made) => keep.push(made));

const [flat, deep] = [
  await bytesOf((_port, [made]) => subscribe(made, filtersOf(1)), one),
  await bytesOf((_port, [made]) => subscribe(made, filtersOf(11)), one),
];
const session = await bytesOf(async (port) => {
  await abandon(port, many(1000), ['x'], '127.0.0.9');
  return many(1000);
});
const waiting = await bytesOf(
  async (port) => {
    await flood(port, many(1000), (n) => publishPacket('x', 'x', { qos: 1, id: n + 1 }));
    return many(1000) * 50;
  },
  (port) => abandon(port, 50, ['x'], '127.0.0.9'),
);
const retained = await bytesOf(async (port) => {
  await flood(port, many(20_000), (n) => publishPacket(`r/${n}`, 'x', { retain: true }));
  return many(20_000);
});
const rows = { session, filter: flat, level: (deep - flat) / 10, waiting, retained };
const results = Object.entries(rows).map(([name, bytes]) => ({
  name,
  bytes: Math.round(bytes),
  counted: overheads[name],
  ratio: Number((bytes / overheads[name]).toFixed(2)),
}));
if (process.argv.includes('--json'))
  process.stdout.write(`${JSON.stringify({ bench: 'broker-overheads', results })}\n`);
else {
  for (const { name, bytes, counted, ratio } of results) {
    process.stdout.write(`${name}: ${bytes} bytes of heap, counted as ${counted}: ratio ${ratio}\n`);
  }
}
