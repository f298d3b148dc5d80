// What each reader family decodes per second on one core (built dist/readers), beside what its line can carry at most: 921,600 baud (92,160
// bytes a second at 8N1) for bytes and lines, JSON.parse of the same payloads for messages. Input is the profile's own captures that give reads.
import { fileURLToPath } from 'node:url';
import { loadProfiles, openDecoder } from '../../dist/readers/index.js';

const BYTES_OF_LINE = 921_600 / 10;
const roundMs = Number(process.env.ROUND_MS ?? 300);
const rounds = Number(process.env.ROUNDS ?? 5);
const profiles = loadProfiles([fileURLToPath(new URL('../../firmware-profiles', import.meta.url))]).all();

const isRead = ({ expect }) => expect.some(({ kind }) => kind === 'read') && !expect.some(({ kind }) => kind === 'bad');

/** Units per second, the median of the rounds; `run` returns how many units it took in. */
function rateOf(run) {
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const begun = process.hrtime.bigint();
    let done = 0;
    let ms = 0;
    while (ms < roundMs) {
      done += run();
      ms = Number(process.hrtime.bigint() - begun) / 1e6;
    }
    rates.push((done / ms) * 1000);
  }
  return rates.sort((a, b) => a - b)[rounds >> 1];
}

function measureBytes(profile) {
  const frames = profile.captures.filter(isRead).map(({ hex }) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  if (frames.length === 0) return null;
  const chunk = Buffer.concat(Array.from({ length: 64 }, (_, i) => frames[i % frames.length]));
  const decoder = openDecoder(profile);
  let reads = 0;
  let bytes = 0;
  const perSecond = rateOf(() => {
    const out = decoder.push(chunk);
    reads += out.filter(({ kind }) => kind === 'read').length;
    bytes += chunk.length;
    return chunk.length;
  });
  if (reads === 0) throw new Error(`${profile.id} decoded nothing`);
  const readsPerSecond = (reads / bytes) * perSecond;
  return { id: profile.id, unit: 'bytes', perSecond, readsPerSecond, limit: BYTES_OF_LINE, of: '921,600 baud' };
}

function measureMessages(profile) {
  const payloads = profile.captures
    .filter(isRead)
    .map(({ payload }) => (typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .filter((text) => text.startsWith('{') || text.startsWith('['));
  if (payloads.length === 0) return null;
  const decoder = openDecoder(profile);
  let reads = 0;
  let messages = 0;
  const perSecond = rateOf(() => {
    for (const payload of payloads) reads += decoder.push(payload).length;
    messages += payloads.length;
    return payloads.length;
  });
  let members = 0;
  const limit = rateOf(() => {
    for (const payload of payloads) members += Object.keys(JSON.parse(payload)).length;
    return payloads.length;
  });
  if (reads === 0 || members === 0) throw new Error(`${profile.id} decoded nothing`);
  return {
    id: profile.id,
    unit: 'messages',
    perSecond,
    readsPerSecond: (reads / messages) * perSecond,
    limit,
    of: 'JSON.parse',
  };
}

const results = profiles
  .map((profile) => (profile.kind === 'messages' ? measureMessages(profile) : measureBytes(profile)))
  .filter((row) => row !== null)
  .map((row) => ({ ...row, ratio: row.perSecond / row.limit }));

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ bench: 'readers', results })}\n`);
} else {
  for (const { id, unit, perSecond, readsPerSecond, ratio, of } of results) {
    const rate = `${Math.round(perSecond / 1000)} k ${unit}/s`.padStart(20);
    const reads = `${Math.round(readsPerSecond / 1000)} k reads/s`.padStart(16);
    process.stdout.write(`${id.padEnd(24)}${rate}${reads}  = ${ratio.toFixed(2)} × ${of}\n`);
  }
}
