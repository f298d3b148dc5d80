// The whole line: payload bytes → columns → presence → ledger → acknowledgement, as a ratio to JSON.parse alone on the same payloads in the
// same run: known tags, which end in memory, and tags of which 1 of 100 is new, whose messages wait for the disk. And decoding alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore, writerThread } from '../../dist/journal/index.js';
import { journalOf } from '../../dist/journal-door.js';
import { contentId, silentLog, systemClock } from '../../dist/kit/index.js';
import { createLedger } from '../../dist/ledger/index.js';
import { createLine } from '../../dist/line.js';
import { createPresence } from '../../dist/presence/index.js';
import { loadProfiles } from '../../dist/profiles/index.js';
import { compileMessageDecoder } from '../../dist/protocols/index.js';
import { openReader } from '../../dist/readers/index.js';
import { createSupervision } from '../../dist/supervision/index.js';
import { createReadBatch, identityOf } from '../../dist/tags/index.js';
import { createStream } from './daemon/payloads.mjs';

const small = process.argv.includes('--small');
const rounds = small ? 3 : 7;
const reads = small ? 5_000 : 100_000;
const inField = 1_000;
/** Messages that are not acknowledged yet, at most. */
const inFlight = 100;
const profiles = loadProfiles([fileURLToPath(new URL('../../firmware-profiles', import.meta.url))]);

const ways = [
  { name: 'known tags, 50 a message', profile: 'zebra/iot-connector', batch: 50, newEvery: 0, bar: 2 },
  { name: 'known tags, 1 a message', profile: 'impinj/r700', batch: 1, newEvery: 0, bar: 1 },
  { name: '50 a message, 1 new tag per 100 reads', profile: 'zebra/iot-connector', batch: 50, newEvery: 100, bar: 0.5 },
];

function openLine(profile) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-bench-'));
  const store = openStore({ folder, site: { id: 'bench' }, now: Date.now, thread: writerThread() }, 'gateway');
  const readPoint = {
    id: 'dock',
    location: 'back',
    locationKind: 'back-room',
    kind: 'portal',
    bizStep: 'receiving',
    minRssi: null,
    departAfterMs: null,
  };
  const counts = { ignored: 0 };
  const count = (_reader, outcome, _antenna, by = 1) => {
    if (outcome === 'REPEAT') counts.ignored += by;
  };
  const presence = createPresence({
    readPoints: [readPoint],
    readPointOf: () => 'dock',
    identify: ({ epc }) => identityOf(epc).epc.id,
    count,
    seed: 1,
  });
  const ledger = createLedger({
    presence,
    inventory: { readPoints: [readPoint], locations: [{ id: 'back', kind: 'back-room' }], adopt: 'all', contentId },
    lookUps: {
      item: store.lookUp,
      presencesOf: store.presencesOf,
      inputSeen: store.inputSeen,
      sights: store.customers.sights,
      isProduct: () => true,
      tokenHash: store.customers.hashOf,
    },
    people: store.customers.known(),
    awaited: new Map(),
    seed: 1,
  });
  ledger.items.loaded();
  const line = createLine({
    ledger,
    journal: journalOf(store),
    clock: systemClock,
    log: silentLog,
    now: systemClock.now,
    look: () => undefined,
    heard: () => undefined,
    committed: () => undefined,
    decided: () => undefined,
    count,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
  let handler = async () => undefined;
  const channel = {
    subscribe: (_filter, given) => {
      handler = given;
    },
    publish: async () => undefined,
    state: () => ({ state: 'open', since: 0, error: null }),
  };
  const config = { id: 'r', profile, link: { mqtt: { topic: 't' } }, antennas: { 1: 'dock' } };
  openReader({
    supervise: createSupervision,
    config,
    profile: profiles.get(profile),
    mqtt: channel,
    clock: systemClock,
    log: silentLog,
    random: Math.random,
    onReads: line.take,
  }).start();
  return {
    feed: (payload) => handler({ topic: 't', payload, redelivered: false, retained: false, at: Date.now() }),
    store,
    counts,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts the reads of messages into columns, and nothing more; gives how many. */
function decoding(profile) {
  const rows = createReadBatch();
  const nothing = () => undefined;
  const add = (count) => {
    rows.size += count;
  };
  const sink = {
    ...{ rows: () => rows, read: () => add(1), readUnstamped: add },
    ...{ answer: nothing, event: nothing, bad: nothing, sign: nothing, warn: nothing },
  };
  const context = { reader: 'r', antenna: null, stamp: (at, receivedAt) => at ?? receivedAt };
  const decoder = compileMessageDecoder(profiles.get(profile), undefined, context);
  return (messages) => {
    let reads = 0;
    for (const payload of messages) {
      rows.size = 0;
      decoder.message({ topic: 't', payload, at: 0 }, sink);
      reads += rows.size;
    }
    return reads;
  };
}

/** So many seconds a call of each takes, one after the other in every round; the medians. */
async function medians(runs) {
  const seen = runs.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [n, run] of runs.entries()) {
      const begun = process.hrtime.bigint();
      await run(round);
      if (round >= 0) seen[n].push(Number(process.hrtime.bigint() - begun) / 1e9);
    }
  }
  return seen.map((seconds) => seconds.sort((a, b) => a - b)[rounds >> 1]);
}

async function feedAll(line, messages) {
  let next = 0;
  const lane = async () => {
    while (next < messages.length) await line.feed(messages[next++]);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

function inStock({ store }) {
  return store
    .stock({ gtin: null, sku: null, locations: null, bucket: null, q: null, cursor: null, limit: 10 })
    .rows.reduce((sum, row) => sum + row.quantity, 0);
}

const results = [];
for (const { name, profile, batch, newEvery, bar } of ways) {
  const stream = createStream({ batch, inField, newEvery, perReport: 2 });
  const bytes = (count) => stream.messages(count).map((text) => Buffer.from(text));
  const line = openLine(profile);
  const decode = decoding(profile);
  const known = createStream({ batch, inField, newEvery: 0, perReport: 2 });
  for (let twice = 0; twice < 2; twice++)
    await feedAll(
      line,
      known.messages(Math.ceil(inField / batch)).map((text) => Buffer.from(text)),
    );
  const all = Array.from({ length: rounds + 1 }, () => bytes(reads / batch));
  const [parse, decoded, whole] = await medians([
    (round) => {
      let sum = 0;
      for (const message of all[round + 1]) sum += Object.keys(JSON.parse(message)).length;
      return sum;
    },
    (round) => {
      if (decode(all[round + 1]) !== reads) throw new Error(`${name}: not every read was decoded`);
    },
    (round) => feedAll(line, all[round + 1]),
  ]);
  const tags = inStock(line);
  await line.close();
  if (tags !== stream.tags()) throw new Error(`${name}: ${tags} of ${stream.tags()} tags are in stock`);
  const perRead = (seconds) => Number(((seconds / reads) * 1e6).toFixed(3));
  const times = { jsonParseMicros: perRead(parse), decodedMicros: perRead(decoded), lineMicros: perRead(whole) };
  results.push({ name, bar, ...times, ratio: parse / whole, decodeRatio: parse / decoded });
}

const two = (n) => n.toFixed(2);
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'line', results })}\n`);
else
  for (const r of results)
    process.stdout.write(
      `${r.name}: ${r.lineMicros} µs a read, JSON.parse alone ${r.jsonParseMicros}; ratio ${two(r.ratio)}, bar ${r.bar}; decoding alone ${r.decodedMicros}, ratio ${two(r.decodeRatio)}\n`,
    );
