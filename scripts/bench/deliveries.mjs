// Events per second from the log to a CRM: read behind the cursor, put into words, on disk, signed, posted in batches of 100, four at a
// time, and taken out of the outbox; as a ratio to nothing but posting the same bodies, four at a time, in the same run.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { createForwarder } from '../../dist/followers/index.js';
import { openStore, writerThread } from '../../dist/journal/index.js';
import { silentLog, systemClock } from '../../dist/kit/index.js';

const small = process.argv.includes('--small');
const total = Number(process.env.EVENTS ?? (small ? 2_000 : 40_000));
const rounds = small ? 1 : 5;
const [batch, inFlight] = [100, 4];
const gtin = '04710088000019';
const secret = 'whsec_c2lsZW50Z2F0ZS1iZW5jaC1zZWNyZXQtMDAwMQ==';
const at = Date.UTC(2026, 10, 21, 9);

function arrival(n) {
  const item = {
    ...{ id: `https://id.gs1.org/01/${gtin}/21/${n}`, hex: `3034257BF400B7C0${n.toString(16).padStart(8, '0')}` },
    ...{ scheme: 'sgtin-96', epcUri: `urn:epc:id:sgtin:4710088.000001.${n}`, gtin },
    ...{ presence: 'PRESENT', absentReason: null, readPoint: 'dock-in', location: 'back', previousLocation: null },
    ...{ placeSince: at, placeSource: 'read', placeConfidence: null, lifecycle: 'IN_STOCK', lifecycleReason: null },
    ...{ owner: 'US', custody: null, condition: 'GOOD', tag: 'OK', bucket: 'on_back', serviceCount: 0 },
    ...{ reader: 'dock-1', antenna: 1, rssi: -55.3, firstSeenAt: at, lastSeenAt: at + n, asOf: at + n },
  };
  return {
    ...{ id: `bench-${n}`, type: 'item.arrived', input: 'seen', at: at + n, announce: true, alert: null },
    ...{ fromLocation: null, fromLifecycle: null, action: 'ADD', bizStep: 'receiving', disposition: 'in_progress' },
    ...{ cause: null, item, stock: [{ gtin, location: 'back', bucket: 'on_back', delta: 1 }] },
  };
}

/** What passes through, and what it cost this process. */
async function timed(work) {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const used = process.cpuUsage(cpu);
  return { perSecond: (total / (performance.now() - begun)) * 1000, cpuUs: (used.user + used.system) / total };
}

async function forwarded(url, bodies) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-bench-'));
  const store = openStore({ folder, site: { id: 'bench' }, now: Date.now, thread: writerThread() }, 'gateway');
  await store.putProducts([{ gtin, sku: 'TEE-01', name: 'T-shirt' }]);
  await store.cursors.put('crm:main', 0);
  for (let n = 0; n < total; n += 500) {
    const events = Array.from({ length: Math.min(500, total - n) }, (_, i) => arrival(n + i));
    await store.append({ observations: [], events, customerEvents: [] });
  }
  const site = { id: 'bench', gln: null };
  const deps = { store, site, source: 'urn:silentgate:bench', clock: systemClock, log: silentLog, random: Math.random };
  const forwarder = createForwarder({ ...deps, destinations: [{ id: 'main', url, secret, batch, inFlight }] });
  const result = await timed(() => {
    forwarder.start();
    return bodies.until(total);
  });
  await forwarder.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return result;
}

async function posted(url, bodies) {
  const text = (n) =>
    JSON.stringify(
      Array.from({ length: batch }, (_, i) => ({ id: n + i, data: { epcis: arrival(n), item: arrival(n).item } })),
    );
  const texts = Array.from({ length: total / batch }, (_, n) => text(n * batch));
  const pool = new Pool(new URL(url).origin, { connections: inFlight });
  const lane = async () => {
    for (let body = texts.pop(); body !== undefined; body = texts.pop()) {
      const answer = await pool.request({ method: 'POST', path: '/hooks', body });
      await answer.body.dump();
    }
  };
  const result = await timed(() => Promise.all([...Array.from({ length: inFlight }, lane), bodies.until(total)]));
  await pool.destroy();
  return result;
}

/** Waits for events at the receiver, as many as are asked for more each time. */
function countOf(receiver) {
  const count = { had: 0, wanted: 0, wake: () => undefined };
  receiver.on('message', ({ events }) => {
    count.had = events ?? count.had;
    count.wake();
  });
  return {
    until: async (more) => {
      count.wanted += more;
      while (count.had < count.wanted) await new Promise((resolve) => Object.assign(count, { wake: resolve }));
    },
  };
}

const receiver = fork(fileURLToPath(new URL('deliveries/receiver.mjs', import.meta.url)));
const { port } = await new Promise((resolve) => receiver.once('message', resolve));
const url = `http://127.0.0.1:${port}/hooks`;
const bodies = countOf(receiver);
const all = [];
for (let round = 0; round < rounds; round++) {
  all.push({ log: await forwarded(url, bodies), bare: await posted(url, bodies) });
}
receiver.disconnect();
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const result = {
  case: `${total} events`,
  eventsPerSecond: Math.round(median(all.map(({ log }) => log.perSecond))),
  cpuUsPerEvent: Math.round(median(all.map(({ log }) => log.cpuUs)) * 10) / 10,
  peer: 'posting alone',
  peerPerSecond: Math.round(median(all.map(({ bare }) => bare.perSecond))),
  ratio: Math.round(median(all.map(({ log, bare }) => bare.cpuUs / log.cpuUs)) * 1000) / 1000,
};
if (process.argv.includes('--json')) console.log(JSON.stringify({ bench: 'deliveries', results: [result] }));
else {
  console.log(
    `deliveries: ${result.eventsPerSecond} events/s, ${result.cpuUsPerEvent} µs CPU an event; posting alone ${result.peerPerSecond} events/s; CPU ratio ${result.ratio}`,
  );
}
