import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { startBroker } from '../../../src/links/index.ts';
import { connectBytes, rawClient } from './broker-scene.ts';

/** Runs in a network of its own, where 10.9.9.1 is an address: the reader's, until it is taken away. */
const broker = await startBroker({ host: '127.0.0.1', port: 0 });
const bytes = connectBytes({ clientId: 'dock' });
const old = await rawClient(broker.port, bytes, '10.9.9.1');
if ((await old.bytes(4))[3] !== 0) throw new Error('the first one is not let in');
spawnSync('ip', ['addr', 'del', '10.9.9.1/32', 'dev', 'lo']);
const since = Date.now();
for (let tries = 0; tries < 40; tries++) {
  const back = await rawClient(broker.port, bytes);
  if ((await back.bytes(4))[3] === 0) break;
  await wait(500);
}
process.stdout.write(`in after ${Date.now() - since} ms\n`);
process.exit(0);
