// npm run bench -- broker-abuse [--small] [--json] [--only NAME]: floods the embedded broker of a built gateway, one attack
// after the other, each against a fresh gateway, while an honest reader publishes. RSS as a ratio to 350 MB, read after the
// attack; the reads that were acknowledged to the honest reader must all have arrived. --small sends 3 %, six attacks to one gateway.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { attacksOf } from './broker-abuse/attacks.mjs';
import { honestReader, startGateway } from './broker-abuse/gateway.mjs';

const small = process.argv.includes('--small');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
const limitMb = 350;
const attacks = attacksOf((n) => Math.max(1, Math.round(n * (small ? 0.03 : 1))));

const rssMb = (pid, key = 'VmRSS') =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function measure(name, gateway) {
  const { port, pid } = gateway;
  const told = gateway.output().length;
  const heardBefore = await gateway.readsHeard();
  const before = rssMb(pid);
  const honest = honestReader(port);
  const keep = [];
  await attacks[name]({ port, keep }).catch((error) => {
    if (gateway.alive()) throw error;
  });
  await wait(small ? 50 : 500);
  const alive = gateway.alive();
  const [after, peak] = alive ? [rssMb(pid), rssMb(pid, 'VmHWM')] : [null, null];
  await honest.end();
  const heard = alive ? (await gateway.readsHeard()) - heardBefore : null;
  for (const { socket } of keep) socket.destroy();
  const lastWords = gateway.output().slice(-1500);
  const refusals =
    gateway
      .output()
      .slice(told)
      .match(/"kind":"[A-Z_]+"/g) ?? [];
  const { acknowledged, slowestMs } = honest.now;
  return {
    attack: name,
    alive,
    rssBeforeMb: Math.round(before),
    rssAfterMb: after === null ? null : Math.round(after),
    rssPeakMb: peak === null ? null : Math.round(peak),
    ratio: after === null ? null : Number((after / limitMb).toFixed(2)),
    acknowledged,
    heard,
    slowestAckMs: slowestMs,
    refusals: [...new Set(refusals)],
    lastWords: alive ? '' : lastWords,
  };
}

const results = [];
let gateway = null;
for (const name of Object.keys(attacks)) {
  if (only !== null && !name.includes(only)) continue;
  gateway = gateway?.alive() === true ? gateway : await startGateway();
  const row = await measure(name, gateway);
  results.push(row);
  if (!small || !row.alive || results.length % 6 === 0) await gateway.end();
  if (process.argv.includes('--json')) continue;
  process.stdout.write(
    row.alive
      ? `${name}: RSS ${row.rssAfterMb} MB after, ${row.rssPeakMb} MB at most = ${row.ratio} x ${limitMb} MB; ${row.heard} of ${row.acknowledged} acknowledged reads arrived, slowest ack ${row.slowestAckMs} ms; ${row.refusals.join(' ')}\n`
      : `${name}: the gateway ended; ${row.acknowledged} reads had been acknowledged; its last words: ${row.lastWords}\n`,
  );
}
await gateway?.end();
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: 'broker-abuse', results })}\n`);
const bad = results.filter(({ alive, ratio, heard, acknowledged }) => !alive || ratio > 1 || heard < acknowledged);
process.exit(bad.length === 0 ? 0 : 1);
