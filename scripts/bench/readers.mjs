// What each reader family decodes per second on one core (built dist), beside what its line can carry at most: 921,600 baud (92,160
// bytes a second at 8N1) for bytes and lines, JSON.parse of the same payloads for messages, a bare TCP read of the same bytes for LLRP. Input is
// the profile's own captures that give reads; of a family that has none, those that give answers.
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { loadProfiles, openDecoder } from '../../dist/profiles/index.js';

const BYTES_OF_LINE = 921_600 / 10;
const small = process.argv.includes('--small');
const roundMs = Number(process.env.ROUND_MS ?? (small ? 20 : 300));
const rounds = Number(process.env.ROUNDS ?? (small ? 1 : 5));
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

function chunkOf(profile) {
  const reads = profile.captures.filter(isRead);
  const whole = profile.captures.filter(({ expect }) => !expect.some(({ kind }) => kind === 'bad'));
  const frames = (reads.length > 0 ? reads : whole).map(({ hex }) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return Buffer.concat(Array.from({ length: 64 }, (_, i) => frames[i % frames.length]));
}

const writer = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const server = createServer((socket) => {
  const chunk = Buffer.concat(Array.from({ length: 32 }, () => Buffer.from(workerData)));
  const more = () => { while (!socket.destroyed && socket.write(chunk)); };
  socket.on('drain', more).on('error', () => undefined);
  more();
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** Bytes per second that a socket hands to a listener who does nothing with them; another thread writes. */
async function bareTcpRead(chunk) {
  const worker = new Worker(writer, { eval: true, workerData: chunk });
  const port = await new Promise((resolve) => worker.once('message', resolve));
  const socket = connect(port, '127.0.0.1');
  const rates = [];
  let bytes = 0;
  socket.on('data', (data) => {
    bytes += data.length;
  });
  for (let round = 0; round < rounds; round++) {
    const [from, begun] = [bytes, process.hrtime.bigint()];
    await new Promise((resolve) => setTimeout(resolve, roundMs));
    rates.push((bytes - from) / (Number(process.hrtime.bigint() - begun) / 1e9));
  }
  socket.destroy();
  await worker.terminate();
  return rates.sort((a, b) => a - b)[rounds >> 1];
}

async function measureLlrp(profile) {
  const chunk = chunkOf(profile);
  return { ...measureBytes(profile), limit: await bareTcpRead(chunk), of: 'a bare TCP read' };
}

function measureBytes(profile) {
  const chunk = chunkOf(profile);
  const decoder = openDecoder(profile);
  let reads = 0;
  let outcomes = 0;
  let bytes = 0;
  const perSecond = rateOf(() => {
    const out = decoder.push(chunk);
    reads += out.filter(({ kind }) => kind === 'read').length;
    outcomes += out.length;
    bytes += chunk.length;
    return chunk.length;
  });
  if (outcomes === 0) throw new Error(`${profile.id} decoded nothing`);
  const readsPerSecond = (reads / bytes) * perSecond;
  return { id: profile.id, unit: 'bytes', perSecond, readsPerSecond, limit: BYTES_OF_LINE, of: '921,600 baud' };
}

function measureMessages(profile) {
  const payloads = profile.captures
    .filter(isRead)
    .map(({ payload }) => (typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .filter(isJson);
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

/** Of a form or of several lines JSON.parse is no measure. */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const measures = { bytes: measureBytes, lines: measureBytes, messages: measureMessages, llrp: measureLlrp };
const results = [];
for (const profile of profiles) {
  const row = await measures[profile.kind](profile);
  if (row !== null) results.push({ ...row, ratio: row.perSecond / row.limit });
}

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ bench: 'readers', results })}\n`);
} else {
  for (const { id, unit, perSecond, readsPerSecond, ratio, of } of results) {
    const rate = `${Math.round(perSecond / 1000)} k ${unit}/s`.padStart(20);
    const reads = `${Math.round(readsPerSecond / 1000)} k reads/s`.padStart(16);
    process.stdout.write(`${id.padEnd(24)}${rate}${reads}  = ${ratio.toFixed(ratio < 0.1 ? 4 : 2)} × ${of}\n`);
  }
}
