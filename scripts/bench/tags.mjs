// Decodes per second of the tags room (built dist/tags) beside the npm package epc-tds, in the same run and on the same tags:
// hex → identity key, → pure identity URI, → Digital Link, → all forms; for SGTIN-96, all classic schemes, and the + schemes.
// The rounds of all of them take turns, and each round has its own ratio, so that what else the machine does meets both alike.
import { readFileSync } from 'node:fs';
import epcTds from 'epc-tds';
import { decodeEpc, digitalLinkOf, encodeEpc, keyOf, pureIdentityOf } from '../../dist/tags/index.js';

const small = process.argv.includes('--small');
const rounds = Number(process.env.ROUNDS ?? (small ? 3 : 25));
const roundMs = Number(process.env.ROUND_MS ?? (small ? 10 : 60));
const vectors = JSON.parse(
  readFileSync(new URL('../../test/golden/epc-vectors.json', import.meta.url), 'utf8'),
).positive;

function digits(count) {
  return Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('');
}

/** 143 random SGTIN-96 for each partition, 1,001 in all. */
function sgtins() {
  return [6, 7, 8, 9, 10, 11, 12].flatMap((length) =>
    Array.from({ length: 143 }, () => {
      const uri = `urn:epc:tag:sgtin-96:1.${digits(length)}.${digits(13 - length)}.${Math.floor(Math.random() * 2 ** 38)}`;
      const written = encodeEpc(uri);
      if (!written.ok) throw new Error(`${uri}: ${written.error.message}`);
      return written.epc.hex;
    }),
  );
}

const peerUri = (hex) => epcTds.valueOf(hex).toIdURI();

function peerIsRight(hex) {
  try {
    return peerUri(hex) === pureIdentityOf(hex);
  } catch {
    return false;
  }
}

const allForms = (hex) => {
  const result = decodeEpc(hex);
  return result.ok ? result.epc.id : '';
};

/** Processor time of this process in ms: unlike the clock on the wall, it does not run while other programs do. */
const spentMs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Decodes per second of processor time in one round. */
function roundOf(tags, decode) {
  let done = 0;
  let length = 0;
  const begun = process.cpuUsage();
  let ms = 0;
  while (ms < roundMs) {
    for (const hex of tags) length += decode(hex)?.length ?? 0;
    done += tags.length;
    ms = spentMs(begun);
  }
  if (length === 0) throw new Error('nothing was decoded');
  return (done / ms) * 1000;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** For each way of decoding, its rate in every round; the first round warms up and does not count. */
function ratesOf(tags, ways) {
  const rates = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, decode] of Object.entries(ways)) {
      const rate = roundOf(tags, decode);
      if (round > 0) rates[name].push(rate);
    }
  }
  return rates;
}

const classic = vectors.filter((vector) => vector.pureIdentityUri !== undefined).map((vector) => vector.hex);
const sets = {
  'SGTIN-96': sgtins(),
  'all classic schemes': classic,
  '… those epc-tds gets right': classic.filter(peerIsRight),
  '+ and ++ schemes': vectors.filter((vector) => vector.scheme.includes('+')).map((vector) => vector.hex),
};

const results = Object.entries(sets).map(([name, tags]) => {
  const plus = name.startsWith('+');
  const ways = {
    ...(plus ? {} : { uri: pureIdentityOf }),
    ...(tags.every(peerIsRight) ? { peer: peerUri } : {}),
    key: keyOf,
    link: digitalLinkOf,
    all: allForms,
  };
  const rates = ratesOf(tags, ways);
  const of = (way) => (rates[way] === undefined ? null : median(rates[way]));
  const ratios = rates.peer === undefined ? null : rates.uri.map((rate, round) => rate / rates.peer[round]);
  return {
    set: name,
    tags: tags.length,
    keyPerSecond: of('key'),
    uriPerSecond: of('uri'),
    linkPerSecond: of('link'),
    allFormsPerSecond: of('all'),
    peerUriPerSecond: of('peer'),
    ratio: ratios === null ? null : median(ratios),
    ratioMin: ratios === null ? null : Math.min(...ratios),
    ratioMax: ratios === null ? null : Math.max(...ratios),
  };
});

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ bench: 'tags', goal: 10, rounds, results })}\n`);
} else {
  const thousands = (rate) => (rate === null ? '–' : `${Math.round(rate / 1000)} k/s`).padStart(9);
  for (const row of results) {
    const range = row.ratio === null ? '' : `${row.ratioMin.toFixed(1)}–${row.ratioMax.toFixed(1)} in ${rounds} rounds`;
    const ratio = row.ratio === null ? '' : `  = ${row.ratio.toFixed(1)} × epc-tds (${range}; goal for SGTIN-96: 10)`;
    process.stdout.write(
      `${row.set.padEnd(28)} key ${thousands(row.keyPerSecond)}  URI ${thousands(row.uriPerSecond)}  link ${thousands(row.linkPerSecond)}  all forms ${thousands(row.allFormsPerSecond)}  epc-tds URI ${thousands(row.peerUriPerSecond)}${ratio}\n`,
    );
  }
}
