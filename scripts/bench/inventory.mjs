// Changes per second that a commit puts on disk (log, item, stock, presence), as a ratio to bare SQLite rows: one prepared INSERT of a row of
// equal information into a plain table, in transactions of the same size, under the same pragmas, in the same run. And bytes on disk per event
// and per item. Arrivals come in cartons of 20 pieces of a product; a move is an item that was read at another place.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../dist/journal/index.js';

const small = process.argv.includes('--small');
const rounds = small ? 3 : 7;
/** Changes of one round, by the size of a batch. */
const perRound = small ? { 1: 10, 100: 500, 1000: 2000 } : { 1: 200, 100: 5000, 1000: 10_000 };
const measured = small ? 4000 : 100_000;
const pieces = 20;
const begun = Date.UTC(2026, 10, 21, 9);

const folder = mkdtempSync(join(tmpdir(), 'silentgate-bench-'));
const store = openStore({ folder, site: { id: 'bench' }, now: Date.now }, 'gateway');

const idOf = (parts) => createHash('sha256').update(parts).digest().subarray(0, 20).toString('base64url');

function itemOf(n, place) {
  const product = String(Math.floor(n / pieces) % 5000).padStart(5, '0');
  const gtin = `04710088${product}0`;
  const serial = 274_000_000_000 + n;
  const at = begun + n * 7;
  return {
    id: `https://id.gs1.org/01/${gtin}/21/${serial}`,
    hex: `30151F7B20000${n.toString(16).toUpperCase().padStart(11, '0')}`,
    scheme: 'sgtin-96',
    epcUri: `urn:epc:id:sgtin:4710088.0${product}.${serial}`,
    gtin,
    presence: 'PRESENT',
    absentReason: null,
    readPoint: `${place}-door`,
    location: place,
    previousLocation: place === 'back' ? null : 'back',
    placeSince: at,
    placeSource: 'sensor',
    placeConfidence: 0.75,
    lifecycle: 'IN_STOCK',
    lifecycleReason: null,
    owner: 'own',
    custody: null,
    condition: 'ok',
    tag: 'encoded',
    bucket: place === 'back' ? 'on_back' : 'on_floor',
    serviceCount: 0,
    reader: 'reader-1',
    antenna: 1 + (n % 4),
    rssi: -55.3,
    firstSeenAt: at,
    lastSeenAt: at + 300,
    asOf: at,
  };
}

function eventOf(n, place, from) {
  const item = itemOf(n, place);
  const { gtin, location, bucket } = item;
  const plus = { gtin, location, bucket, delta: 1 };
  const minus = from === null ? [] : [{ gtin, location: from, bucket: 'on_back', delta: -1 }];
  return {
    id: idOf(`${n} ${place}`),
    type: from === null ? 'item.arrived' : 'item.moved',
    input: 'seen',
    at: item.asOf,
    announce: true,
    alert: null,
    fromLocation: from,
    fromLifecycle: from === null ? null : 'IN_STOCK',
    action: 'OBSERVE',
    bizStep: 'stocking',
    disposition: 'sellable_accessible',
    cause: null,
    item,
    stock: [...minus, plus],
  };
}

function seenAt({ item }, change, readPoint) {
  const { id, hex, reader, antenna, rssi, asOf: at, firstSeenAt, lastSeenAt } = item;
  const seen = { id, hex, readPoint, reader, antenna, rssi, at, firstSeenAt, lastSeenAt };
  return { change, ...seen, reads: 3, elsewhere: null, confidence: 0.75 };
}

function batchOf(events) {
  const observations = events.flatMap((event) => {
    const here = seenAt(event, 'arrived', event.item.readPoint);
    return event.fromLocation === null ? [here] : [here, seenAt(event, 'departed', `${event.fromLocation}-door`)];
  });
  return { observations, events, customerEvents: [] };
}

/** The plain table: a column for each member of the event and of its item, nothing interned, no index. */
function createPlain() {
  const { item, ...event } = eventOf(0, 'back', null);
  const names = [...Object.keys(event), ...Object.keys(item).map((name) => `item_${name}`), 'reads'];
  const db = new Database(join(folder, 'plain.db'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'secure_delete = ON', 'foreign_keys = ON'])
    db.pragma(pragma);
  for (const pragma of ['wal_autocheckpoint = 2000', 'cache_size = -65536', 'temp_store = MEMORY']) db.pragma(pragma);
  db.exec(`CREATE TABLE plain (${names.map((name) => `"${name}" ANY`).join(', ')}) STRICT`);
  const insert = db.prepare(`INSERT INTO plain VALUES (${names.map(() => '?').join(', ')})`);
  const write = db.transaction((rows) => {
    for (const row of rows) insert.run(row);
  });
  return { db, write };
}

function rowOf({ item, ...event }) {
  const { stock, announce, ...rest } = event;
  const told = { ...rest, announce: announce ? 1 : 0, stock: JSON.stringify(stock) };
  const { custody, ...state } = item;
  return [...Object.values(told), ...Object.values({ ...state, custody: JSON.stringify(custody) }), 3];
}

async function microseconds(count, batches, write) {
  const from = process.hrtime.bigint();
  for (const batch of batches) await write(batch);
  return Number(process.hrtime.bigint() - from) / 1000 / count;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const groups = (all, size) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

const plain = createPlain();
let arrived = 0;
let moved = 0;
const arrivals = (count) => Array.from({ length: count }, () => eventOf(arrived++, 'back', null));
const moves = (count) => Array.from({ length: count }, () => eventOf(moved++, 'floor', 'back'));

async function compare(what, size, make) {
  const ours = [];
  const bare = [];
  for (let round = 0; round < rounds; round++) {
    const events = groups(make(perRound[size]), size);
    const batches = events.map(batchOf);
    const rows = events.map((group) => group.map(rowOf));
    const write = [
      async () => ours.push(await microseconds(perRound[size], batches, store.append)),
      async () => bare.push(await microseconds(perRound[size], rows, plain.write)),
    ];
    if (round % 2 === 1) write.reverse();
    for (const run of write) await run();
  }
  const [change, row] = [median(ours), median(bare)];
  return { what, batch: size, changeUs: round1(change), bareRowUs: round1(row), ratio: round3(row / change) };
}

const round1 = (value) => Math.round(value * 10) / 10;
const round3 = (value) => Math.round(value * 1000) / 1000;

const results = [];
for (const size of [1, 100, 1000]) results.push(await compare('arrivals', size, arrivals));
for (const size of [1, 100, 1000]) results.push(await compare('moves', size, moves));
if (store.checkStock().length > 0) throw new Error('stock differs from the log');
for (let left = measured - arrived; left > 0; left -= 1000) await store.append(batchOf(arrivals(Math.min(left, 1000))));
await store.close();
plain.db.close();

/** Bytes of the pages of tables and indexes, by SQLite's own count. */
function bytesOf(...names) {
  const db = new Database(join(folder, 'silentgate.db'), { readonly: true });
  const pages = db.prepare('SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?').pluck();
  const sum = names.reduce((total, name) => total + pages.get(name), 0);
  db.close();
  return sum;
}

const limit = 300;
const bytes = [
  ['an event with its indexes', bytesOf('log', 'log_cause') / (arrived + moved)],
  [
    'an item with its indexes and its presence',
    bytesOf('items', 'items_identity', 'items_other_gtin', 'items_without_gtin', 'presences') / arrived,
  ],
];
for (const [what, size] of bytes) results.push({ what, bytes: Math.round(size), limit, ratio: round3(size / limit) });
rmSync(folder, { recursive: true, force: true });

if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'inventory', results })}\n`);
else
  for (const { what, batch, changeUs, bareRowUs, bytes: size, ratio } of results)
    process.stdout.write(
      batch === undefined
        ? `${what}: ${size} bytes on disk, at most ${limit}; ratio ${ratio}\n`
        : `${what}, batches of ${batch}: ${changeUs} µs a change, a bare row ${bareRowUs} µs; ratio ${ratio}\n`,
    );
