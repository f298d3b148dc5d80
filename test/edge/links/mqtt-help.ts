import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { connect as connectClient, type IClientOptions, type MqttClient } from 'mqtt';
import { GatewayError } from '../../../src/kit/index.ts';
import { connectMqtt, type LinkMessage, type MqttConnection, type MqttSettings } from '../../../src/links/index.ts';
import { listen } from '../../fakes/listen.ts';
import { realDeps } from './watch.ts';

/** Sends with Mosquitto's own client, as a technician would. Resolves when the broker has it. */
export async function publishAs(port: number, args: string[]): Promise<void> {
  const child = spawn('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), ...args], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`mosquitto_pub ended with code ${code}`);
}

/**
 * Stands in front of a real broker and makes it an old one: MQTT 5 is answered as MQTT 3.1.1 says (`refuse`: return code 1)
 * or as some do (`hang up`), 3.1.1 is passed on.
 */
export async function startOldBroker(target: number, answer: 'refuse' | 'hang up') {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.once('data', (bytes) => {
      const level = bytes[bytes.indexOf('MQTT') + 4];
      if (level === 5) {
        if (answer === 'refuse') client.write(Buffer.from([0x20, 2, 0, 1]));
        client.end();
        return;
      }
      const upstream = connectSocket(target, '127.0.0.1');
      sockets.add(upstream);
      upstream.on('error', () => client.destroy());
      upstream.write(bytes);
      client.pipe(upstream).pipe(client);
    });
  });
  const port = await listen(server);
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port, close };
}

/** A bare client of the mqtt package, connected: the publisher, or an onlooker. */
export async function bareClient(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const client = connectClient({ host: '127.0.0.1', port, reconnectPeriod: 0, ...options });
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
  });
  return client;
}

/** A gateway connection that notes what it is handed. `fail` makes its handler throw while it gives true. */
export function gateway(port: number, filters: string[], more: Partial<MqttSettings> = {}) {
  const seen: LinkMessage[] = [];
  const control = { fail: (_message: LinkMessage): boolean => false };
  const settings = { url: `mqtt://127.0.0.1:${port}`, clientId: 'silentgate-test', ...more };
  const connection: MqttConnection = connectMqtt(settings, realDeps);
  for (const filter of filters) {
    connection.subscribe(filter, async (message) => {
      if (control.fail(message)) throw new GatewayError('STORE_FULL', 'the store is full');
      seen.push({ ...message, payload: Buffer.from(message.payload) });
    });
  }
  connection.open();
  return { connection, seen, control, texts: () => seen.map((message) => Buffer.from(message.payload).toString()) };
}
