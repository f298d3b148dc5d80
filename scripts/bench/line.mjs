// Reads per second through the whole line: payload bytes → decoded → presence → inventory → committed effect, 98 of 100 reads
// repeats, and through decoding alone, as ratios to JSON.parse alone on the same payloads in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../dist/journal/index.js';
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
import { epcOf, impinj, zebra } from './daemon/payloads.mjs';

const small = process.argv.includes('--small');
const tags = Number(process.env.TAGS ?? (small ? 200 : 2000));
const readsPerTag = 100;
const inField = 200;
const profiles = loadProfiles([fileURLToPath(new URL('../../firmware-profiles', import.meta.url))]);

const shapes = {
  'impinj, one tag a message': { profile: 'impinj/r700', batch: 1, payload: ([read]) => impinj(read) },
  'zebra, 50 tags a message': { profile: 'zebra/iot-connector', batch: 50, payload: (reads) => reads.map(zebra) },
};

/** `inField` tags at a time are read in turn, `readsPerTag` times each, then the next ones come. */
function payloads({ batch, payload }) {
  const begun = Date.now() - 120_000;
  const total = tags * readsPerTag;
  const out = [];
  for (let n = 0; n < total; n += batch) {
    const reads = Array.from({ length: batch }, (_, i) => {
      const read = n + i;
      const tag = Math.floor(read / (inField * readsPerTag)) * inField + (read % inField);
      return { epc: epcOf(tag), at: begun + Math.floor(read / 10), n: read, reads: 1 };
    });
    out.push(Buffer.from(JSON.stringify(payload(reads))));
  }
  return out;
}

function openLine(profile) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-bench-'));
  const store = openStore({ folder, site: { id: 'bench' }, now: Date.now }, 'gateway');
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
    close: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Reads of these messages put into columns, and nothing more; gives how many. */
function decodeAlone(profile, messages) {
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
  return () => {
    let reads = 0;
    for (const payload of messages) {
      rows.size = 0;
      decoder.message({ topic: 't', payload, at: 0 }, sink);
      reads += rows.size;
    }
    return reads;
  };
}

/** Medians of five rounds of each, one after the other. */
async function medians(...runs) {
  for (const run of runs) run();
  const rounds = [];
  for (let round = 0; round < 5; round++) {
    const seconds = [];
    for (const run of runs) seconds.push(await secondsOf(run));
    rounds.push(seconds);
  }
  return runs.map((_, i) => rounds.map((round) => round[i]).sort((a, b) => a - b)[2]);
}

async function secondsOf(run) {
  const begun = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

const results = [];
for (const [shape, spec] of Object.entries(shapes)) {
  const messages = payloads(spec);
  const reads = tags * readsPerTag;
  const texts = () => {
    let sum = 0;
    for (const bytes of messages) sum += Object.keys(JSON.parse(bytes)).length;
    return sum;
  };
  const decode = decodeAlone(spec.profile, messages);
  if (decode() !== reads) throw new Error(`${shape}: not every read was decoded`);
  const [parse, decoded] = await medians(texts, decode);
  const line = openLine(spec.profile);
  const whole = await secondsOf(async () => {
    for (const bytes of messages) await line.feed(bytes);
  });
  const stock = line.store
    .stock({ gtin: null, sku: null, locations: null, bucket: null, q: null, cursor: null, limit: 10 })
    .rows.reduce((sum, row) => sum + row.quantity, 0);
  line.close();
  if (stock !== tags) throw new Error(`${shape}: ${stock} of ${tags} tags are in stock`);
  results.push({
    shape,
    reads,
    repeats: line.counts.ignored / reads,
    readsPerSecond: Math.round(reads / whole),
    jsonParsePerSecond: Math.round(reads / parse),
    ratio: Number((parse / whole).toFixed(3)),
    decodeRatio: Number((parse / decoded).toFixed(3)),
  });
}

if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'line', results })}\n`);
else
  for (const r of results)
    process.stdout.write(
      `${r.shape}: ${r.readsPerSecond} reads/s to a committed effect, ${(r.repeats * 100).toFixed(1)} % repeats; JSON.parse alone ${r.jsonParsePerSecond} reads/s; ratio ${r.ratio}; decoding alone ${r.decodeRatio}\n`,
    );
