// npm run bench -- daemon [--small] [--json] [--node-red]: CPU of the whole gateway per read, as a ratio: what JSON.parse alone costs for the
// same payloads ÷ what the daemon costs, from the socket to the acknowledged effect on disk. Rounds of all ways in turn, medians.
// --node-red installs Node-RED into a temporary folder and puts a flow (mqtt in → json → one filter per EPC) beside it.
import { setTimeout as wait } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { startNodeRed } from './daemon/node-red.mjs';
import { createStream } from './daemon/payloads.mjs';
import { cpuOf, startGateway } from './daemon/process.mjs';

const small = process.argv.includes('--small');
const rounds = small ? 1 : 5;
const reads = small ? 20_000 : 400_000;
const inField = 1000;
/** A process that spends no more than this in half a second has nothing left to do. */
const restingUs = 30_000;
/** Messages without an acknowledgement at a time. */
const inFlight = 100;

const ways = [
  { name: 'MQTT, 50 a message', batch: 50, newEvery: 0, topic: 'many/reads' },
  { name: 'MQTT, 1 a message', batch: 1, newEvery: 0, topic: 'one/reads' },
  { name: 'HTTP push, 50 a message', batch: 50, newEvery: 0, topic: null },
  { name: 'MQTT, 50 a message, 1 new tag per 100 reads', batch: 50, newEvery: 100, topic: 'many/reads' },
];

/** Runs `work` on each with so many at once. */
async function inTurn(list, most, work) {
  let next = 0;
  const run = async () => {
    while (next < list.length) await work(list[next++]);
  };
  await Promise.all(Array.from({ length: most }, run));
}

function parseCost(messages) {
  const bytes = messages.map((text) => Buffer.from(text));
  const begun = process.cpuUsage();
  let sum = 0;
  for (const payload of bytes) sum += Object.keys(JSON.parse(payload)).length;
  const { user, system } = process.cpuUsage(begun);
  if (sum === 0) throw new Error('nothing was parsed');
  return user + system;
}

const client = (port) => connectAsync({ host: '127.0.0.1', port, clientId: 'bench', protocolVersion: 4 });

function sender(gateway, mqtt, { topic }) {
  if (topic !== null)
    return (messages) => inTurn(messages, inFlight, (text) => mqtt.publishAsync(topic, text, { qos: 1 }));
  const push = async (text) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await gateway.ask('/readers/pushed/reads', { method: 'POST', headers, body: text });
    if (!answer.ok) throw new Error(`push: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  return (messages) => inTurn(messages, 8, push);
}

/** CPU of a process for these messages. What it does after the last acknowledgement belongs to them, too: until it rests. */
async function measured(pid, send, messages) {
  const before = cpuOf(pid);
  await send(messages);
  let spent = cpuOf(pid) - before;
  let more = 0;
  do {
    await wait(small ? 50 : 500);
    more = cpuOf(pid) - before - spent;
    spent += more;
  } while (more > restingUs);
  return spent;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const gateway = await startGateway();
const mqtt = await client(gateway.port);
const peer = process.argv.includes('--node-red') ? await startNodeRed() : null;
const peerMqtt = peer === null ? null : await client(peer.port);
const prepared = ways.map((way) => ({
  way,
  stream: createStream({ batch: way.batch, inField, newEvery: way.newEvery }),
  send: sender(gateway, mqtt, way),
  peer: peer === null || way.topic === null ? null : sender(null, peerMqtt, way),
  costs: [],
}));
try {
  for (const { stream, send, peer } of prepared) {
    const warm = stream.messages(Math.ceil((small ? 4 : 20) * (inField / 50)));
    await send(warm);
    if (peer !== null) {
      // The flow listens a moment after its page does.
      await wait(3_000);
      await peer(warm);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { way, stream, send, peer: toPeer, costs } of prepared) {
      const count = Math.ceil((way.batch === 1 ? reads / 10 : reads) / way.batch);
      const messages = stream.messages(count);
      const parse = parseCost(messages);
      const own = await measured(gateway.pid, send, messages);
      const other = toPeer === null ? null : await measured(peer.pid, toPeer, messages);
      costs.push({ parse, own, other, reads: count * way.batch });
    }
  }
} finally {
  mqtt.end(true);
  peerMqtt?.end(true);
  await gateway.end();
  await peer?.end();
}

const results = prepared.flatMap(({ way, costs }) => {
  const microseconds = Number(median(costs.map(({ own, reads }) => own / reads)).toFixed(3));
  const rows = [
    {
      name: `${way.name} ÷ JSON.parse`,
      microseconds,
      ratio: Number(median(costs.map(({ parse, own }) => parse / Math.max(own, 1))).toFixed(3)),
    },
  ];
  if (costs.every(({ other }) => other !== null)) {
    rows.push({
      name: `${way.name} ÷ Node-RED flow`,
      microseconds,
      ratio: Number(median(costs.map(({ own, other }) => other / Math.max(own, 1))).toFixed(2)),
    });
  }
  return rows;
});
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'daemon', results })}\n`);
else {
  for (const { name, microseconds, ratio } of results) {
    process.stdout.write(`${name}: ${microseconds} µs of CPU a read; ratio ${ratio}\n`);
  }
}
