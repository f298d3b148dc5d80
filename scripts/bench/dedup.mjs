// What a read of a tag that lies there costs, as a ratio to a Map of objects keyed by hex that does nothing but find it, in the same
// run; and what a tag takes in memory, and how long presence keeps the thread at most. Reads come in random order, prepared before.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPresence } from '../../dist/presence/index.js';
import { createReadBatch, identityOf } from '../../dist/tags/index.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const small = process.argv.includes('--small');
const residents = small ? [1e3, 1e4] : [1e4, 1e5, 1e6];
const readsPerRound = small ? 20_000 : 400_000;
const rounds = 5;
const perMessage = 1_000;
const bytesLimit = 96;
const pauseLimitMs = 10;
const start = Date.UTC(2026, 10, 21);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/** CPU of this process, so that what else runs on the machine does not count. */
const msOf = (run) => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
};

const idle = new Int32Array(new SharedArrayBuffer(4));
/** CPU of this thread so far, ms. Linux brings it up to date when the thread sleeps, so it sleeps for a moment. */
function threadMs() {
  Atomics.wait(idle, 0, 0, 0.01);
  return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
}
const isLinux = process.platform === 'linux';
/** How long a call keeps this thread, garbage it has to collect included, but neither what helps beside it nor who else runs. */
function pauseOf(run) {
  if (!isLinux) return msOf(run);
  const before = threadMs();
  run();
  return threadMs() - before;
}

/** A generator of the same numbers in every run. */
function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A message: 96 bits of SGTIN for each tag, one antenna. A reader's messages are decoded into the same columns again and again. */
function batchFor(tags, now, batch = createReadBatch(tags.length)) {
  batch.reader = 'r1';
  batch.receivedAt = now;
  batch.size = tags.length;
  for (let row = 0; row < tags.length; row++) {
    batch.epc.digits[row] = 24;
    batch.epc.words.set([0x3034257b, 0xf7194e40, tags[row]], 3 * row);
    batch.pc[row] = -1;
    batch.antenna[row] = 1;
    batch.rssi[row] = -55.3;
    batch.count[row] = 1;
    batch.at[row] = now - 20;
    batch.seq[row] = Number.NaN;
  }
  return batch;
}

/** The same tags as strings that nobody has hashed before, as they come out of a parser. */
function stringsFor(tags) {
  const text = Buffer.from(
    tags.map((tag) => `3034257BF7194E40${tag.toString(16).toUpperCase().padStart(8, '0')}`).join(''),
  );
  return tags.map((_, n) => text.latin1Slice(24 * n, 24 * n + 24));
}

function open() {
  const counts = { repeats: 0 };
  const presence = createPresence({
    readPoints: [
      {
        id: 'shelf',
        location: 'floor',
        locationKind: 'sales-floor',
        kind: 'shelf',
        bizStep: null,
        minRssi: null,
        departAfterMs: null,
      },
    ],
    readPointOf: () => 'shelf',
    identify: ({ epc }) => identityOf(epc).epc.id,
    count: (_reader, reason, _antenna, by) => {
      if (reason === 'REPEAT') counts.repeats += by;
    },
    seed: 0x5eed,
  });
  return { presence, counts };
}

/** Makes tags 0 to `many` present, in blocks; the longest call of `take` with a block, ms, as `timed` has it. */
function fill(presence, many, block, timed = msOf) {
  let longest = 0;
  for (let first = 0; first < many; first += block) {
    const tags = Array.from({ length: Math.min(block, many - first) }, (_, n) => first + n);
    for (const now of [start, start + 100]) {
      const batch = batchFor(tags, now);
      longest = Math.max(
        longest,
        timed(() => presence.settled(presence.take(batch, now, false).turn)),
      );
    }
  }
  return longest;
}

function compare(many) {
  const { presence, counts } = open();
  fill(presence, many, 1_000);
  const map = new Map(
    stringsFor(Array.from({ length: many }, (_, n) => n)).map((hex) => [hex, { lastSeenAt: 0, count: 1 }]),
  );
  const random = numbers(many);
  const times = { presence: [], map: [] };
  const columns = createReadBatch(perMessage);
  for (let round = 0; round <= rounds; round++) {
    const messages = Array.from({ length: readsPerRound / perMessage }, () =>
      Array.from({ length: perMessage }, () => random(many)),
    );
    const now = start + 1_000 * (round + 1);
    gc();
    const byMap = sumOf(messages, stringsFor, (texts) => {
      for (const hex of texts) touch(map, hex, now);
    });
    const byPresence = sumOf(
      messages,
      (tags) => batchFor(tags, now, columns),
      (batch) => presence.take(batch, now, false),
    );
    // The first one warms up.
    if (round === 0) continue;
    times.map.push(byMap);
    times.presence.push(byPresence);
  }
  if (counts.repeats !== readsPerRound * (rounds + 1)) throw new Error(`${counts.repeats} repeats`);
  const ns = (list) => Math.round((median(list) * 1e6) / readsPerRound);
  return {
    what: 'a repeat ÷ Map',
    residents: many,
    ns: ns(times.presence),
    mapNs: ns(times.map),
    ratio: Number((median(times.map) / median(times.presence)).toFixed(2)),
  };
}

/** What `take` costs with one message after the other, each made just before, as a decoder does. */
function sumOf(messages, make, take) {
  let sum = 0;
  for (const message of messages) {
    const made = make(message);
    sum += msOf(() => take(made));
  }
  return sum;
}

function touch(map, hex, now) {
  const seen = map.get(hex);
  if (seen === undefined) map.set(hex, { lastSeenAt: now, count: 1 });
  else {
    seen.lastSeenAt = now;
    seen.count++;
  }
}

function held() {
  // The memory of arrays that the first one found is given back beside the program.
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The first tags of a process are taken by code that is not compiled yet. */
function warmUp() {
  const { presence } = open();
  fill(presence, 20_000, 1_000);
  departures(presence, 20_000);
}

function memoryAndPauses(many) {
  warmUp();
  const { presence } = open();
  const before = held();
  const longest = fill(presence, many, 1_000, pauseOf);
  const bytes = (held() - before) / many;
  const departed = departures(presence, many);
  return [
    {
      what: 'bytes a tag',
      residents: many,
      bytes: Math.round(bytes * 10) / 10,
      ratio: Number((bytesLimit / bytes).toFixed(2)),
    },
    pause('longest block of 1,000 tags while they come', many, longest),
    pause(`longest slice of 200 while ${departed.gone} leave together`, many, departed.longest),
  ];
}

const pause = (what, residents, ms) => ({
  what,
  residents,
  ms: Number(ms.toFixed(2)),
  ratio: Number((pauseLimitMs / ms).toFixed(2)),
});

/** All but 30,000 tags are read on, or but a tenth of them. */
function departures(presence, many) {
  const leaving = Math.min(30_000, many / 10);
  const stay = Array.from({ length: many - leaving }, (_, n) => n + leaving);
  for (let n = 0; n < stay.length; n += perMessage) {
    presence.take(batchFor(stay.slice(n, n + perMessage), start + 300_000), start + 300_000, false);
  }
  let longest = 0;
  let gone = 0;
  for (let more = true; more; ) {
    longest = Math.max(
      longest,
      pauseOf(() => {
        const expired = presence.expire(start + 700_000, 200);
        presence.settled(expired.turn);
        gone += expired.observations.length;
        more = expired.more;
      }),
    );
  }
  if (gone !== leaving) throw new Error(`${gone} of ${leaving} left`);
  return { longest, gone };
}

const results = [...memoryAndPauses(residents.at(-1)), ...residents.map(compare)];
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'dedup', results })}\n`);
else {
  for (const { what, residents: many, ratio, ...figures } of results) {
    const shown = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
    process.stdout.write(`${what}, ${many} tags: ${shown.join(', ')}; ratio ${ratio}\n`);
  }
}
