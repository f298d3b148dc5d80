// Decodes per second of the tags room (built dist/tags) beside the npm package epc-tds, in the same run and on the same tags:
// hex → identity key, → pure identity URI, → Digital Link; for SGTIN-96, all classic schemes, and the + schemes.
import { readFileSync } from 'node:fs';
import epcTds from 'epc-tds';
import { digitalLinkOf, encodeEpc, keyOf, pureIdentityOf } from '../../dist/tags/index.js';

const rounds = Number(process.env.ROUNDS ?? 7);
const roundMs = Number(process.env.ROUND_MS ?? 400);
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

/** Decodes per second, the median of the rounds. */
function rateOf(tags, decode) {
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    let done = 0;
    let length = 0;
    const begun = process.hrtime.bigint();
    let ms = 0;
    while (ms < roundMs) {
      for (const hex of tags) length += decode(hex)?.length ?? 0;
      done += tags.length;
      ms = Number(process.hrtime.bigint() - begun) / 1e6;
    }
    if (length === 0) throw new Error('nothing was decoded');
    rates.push((done / ms) * 1000);
  }
  return rates.sort((a, b) => a - b)[rounds >> 1];
}

const classic = vectors.filter((vector) => vector.pureIdentityUri !== undefined).map((vector) => vector.hex);
const sets = {
  'SGTIN-96': sgtins(),
  'all classic schemes': classic,
  '… those epc-tds gets right': classic.filter(peerIsRight),
  '+ and ++ schemes': vectors.filter((vector) => vector.scheme.includes('+')).map((vector) => vector.hex),
};

const results = Object.entries(sets).map(([name, tags]) => {
  const uri = name.startsWith('+') ? null : rateOf(tags, pureIdentityOf);
  const peer = tags.every(peerIsRight) ? rateOf(tags, peerUri) : null;
  return {
    set: name,
    tags: tags.length,
    keyPerSecond: rateOf(tags, keyOf),
    uriPerSecond: uri,
    linkPerSecond: rateOf(tags, digitalLinkOf),
    peerUriPerSecond: peer,
    ratio: peer === null || uri === null ? null : uri / peer,
  };
});

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ bench: 'tags', goal: 10, results })}\n`);
} else {
  const thousands = (rate) => (rate === null ? '–' : `${Math.round(rate / 1000)} k/s`).padStart(10);
  for (const row of results) {
    const ratio = row.ratio === null ? '' : `  = ${row.ratio.toFixed(1)} × epc-tds (goal for SGTIN-96: 10)`;
    process.stdout.write(
      `${row.set.padEnd(28)} key ${thousands(row.keyPerSecond)}  URI ${thousands(row.uriPerSecond)}  link ${thousands(row.linkPerSecond)}  epc-tds URI ${thousands(row.peerUriPerSecond)}${ratio}\n`,
    );
  }
}
