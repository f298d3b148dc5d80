// The flow that a store builds by hand: Node-RED with mqtt in → json → a filter that lets a tag through once.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerLimits } from '../../../dist/links/broker-limits.js';
import { startBroker } from '../../../dist/links/index.js';
import { freePort, until } from './process.mjs';

const version = '4.1.1';
const filter = `const seen = context.get('seen') ?? new Map();
context.set('seen', seen);
const out = [];
for (const event of Array.isArray(msg.payload) ? msg.payload : [msg.payload]) {
  const epc = event.data?.idHex ?? event.tagInventoryEvent?.epcHex;
  const known = seen.get(epc);
  if (known === undefined) out.push({ payload: epc });
  seen.set(epc, { at: Date.now(), count: (known?.count ?? 0) + 1 });
}
return [out];`;

const flowOf = (port) => [
  { id: 'tab', type: 'tab', label: 'reads' },
  {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(port),
    protocolVersion: '4',
    cleansession: true,
  },
  {
    id: 'in',
    type: 'mqtt in',
    z: 'tab',
    topic: '+/reads',
    qos: '1',
    datatype: 'buffer',
    broker: 'broker',
    wires: [['json']],
  },
  { id: 'json', type: 'json', z: 'tab', property: 'payload', action: 'obj', wires: [['filter']] },
  { id: 'filter', type: 'function', z: 'tab', func: filter, outputs: 1, wires: [[]] },
];

/** Installs it into a temporary folder and starts it; `port` is that of the broker it listens to. */
export async function startNodeRed() {
  const home = mkdtempSync(join(tmpdir(), 'silentgate-node-red-'));
  const quiet = { cwd: home, stdio: 'ignore' };
  writeFileSync(join(home, 'package.json'), '{}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `node-red@${version}`], quiet);
  // The flow is slower than the broker, and gets every message: nothing that it has not read yet is cut off.
  const none = Number.MAX_SAFE_INTEGER;
  const limits = { ...brokerLimits, unread: none, allUnread: none, perSession: none, allSessions: none };
  const broker = await startBroker({ host: '127.0.0.1', port: 0, limits });
  const port = await freePort();
  writeFileSync(join(home, 'flow.json'), JSON.stringify(flowOf(broker.port)));
  writeFileSync(
    join(home, 'settings.js'),
    `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', logging: { console: { level: 'warn' } } };`,
  );
  const red = join(home, 'node_modules/node-red/red.js');
  const child = spawn(process.execPath, [red, '-u', home, '-s', 'settings.js', 'flow.json'], quiet);
  await until(() => reachable(port));
  return {
    pid: child.pid,
    port: broker.port,
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await broker.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function reachable(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
