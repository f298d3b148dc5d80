import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import type { IClientOptions, MqttClient } from 'mqtt';
import { type Clock, type Log, silentLog, systemClock } from '../../../src/kit/index.ts';
import {
  type Broker,
  type BrokerAccess,
  createDenials,
  type LinkMessage,
  type MqttConnection,
  type ReaderTopics,
  startBroker,
  topicRights,
} from '../../../src/links/index.ts';
import { bareClient } from './mqtt-help.ts';
import { realDeps } from './watch.ts';

export const dock1: ReaderTopics = {
  says: ['rfid/dock-1/events', 'rfid/dock-1/status', 'rfid/dock-1/answers'],
  hears: ['rfid/dock-1/commands'],
};
export const dock2: ReaderTopics = {
  says: ['rfid/dock-2/events', 'rfid/dock-2/status'],
  hears: ['rfid/dock-2/commands'],
};

/** Accounts `one` of dock-1 and `two` of dock-2, whose password is their name spelt twice. */
export function twoAccounts(): { access: BrokerAccess; revoked: Set<string> } {
  const rights = new Map([
    ['one', topicRights([dock1], [dock1, dock2])],
    ['two', topicRights([dock2], [dock1, dock2])],
  ]);
  const revoked = new Set<string>();
  const account: BrokerAccess['account'] = (id) => {
    const found = rights.get(id);
    return found === undefined || revoked.has(id) ? null : { id, ...found };
  };
  return { access: { account, signIn: (id, password) => (password === id + id ? account(id) : null) }, revoked };
}

export const asOne: IClientOptions = { username: 'one', password: 'oneone' };
export const asTwo: IClientOptions = { username: 'two', password: 'twotwo' };

export type Scene = {
  readonly broker: Broker;
  readonly port: number;
  /** What the gateway was handed. */
  readonly heard: LinkMessage[];
  readonly gateway: MqttConnection;
  readonly revoked: Set<string>;
  /** `kind topic` or `kind client id` of every denial, and how often. */
  denials(): Record<string, number>;
  client(options?: IClientOptions): Promise<MqttClient>;
};

/** A broker on a real port with the gateway attached; `close` ends all of it. */
export function createScenes() {
  const closing: (() => unknown)[] = [];
  const open = async (
    accounts: ReturnType<typeof twoAccounts> | null,
    { clock = systemClock, log = silentLog }: { clock?: Clock; log?: Log } = {},
  ): Promise<Scene> => {
    const denials = createDenials({ clock, log });
    const broker = await startBroker({
      ...{ host: '127.0.0.1', port: 0, clock, log, denials },
      access: accounts?.access ?? null,
    });
    closing.push(() => broker.close());
    const heard: LinkMessage[] = [];
    const gateway = broker.connect(realDeps);
    gateway.subscribe('#', async (message) => void heard.push({ ...message, payload: Buffer.from(message.payload) }));
    gateway.open();
    return {
      ...{ broker, port: broker.port, heard, gateway, revoked: accounts?.revoked ?? new Set() },
      denials: () =>
        Object.fromEntries(
          denials.list().map(({ kind, topic, clientId, count }) => [`${kind} ${topic ?? clientId}`, count]),
        ),
      client: async (options) => {
        const made = await bareClient(broker.port, options);
        closing.push(() => made.endAsync(true));
        return made;
      },
    };
  };
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  return { open, close };
}

/** A string as MQTT sends it, its length before it. */
export const text = (value: string) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

/** The bytes of an MQTT 3.1.1 packet whose rest is shorter than 128 bytes. */
export const packet = (type: number, ...parts: Uint8Array[]) => {
  const rest = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([type, rest.length]), rest]);
};

export type Connect = {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly clean?: boolean;
  readonly keepalive?: number;
};

/** A CONNECT as bytes [MQTT 3.1.1, 3.1]. */
export function connectBytes({ clientId, username, password, clean = true, keepalive = 0 }: Connect): Buffer {
  const flags = (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40) | (clean ? 2 : 0);
  const login = [username, password].filter((part) => part !== undefined).map(text);
  return packet(0x10, text('MQTT'), Buffer.from([4, flags, keepalive >> 8, keepalive & 255]), text(clientId), ...login);
}

/** A SUBSCRIBE as bytes, all filters at QoS 1. */
export function subscribeBytes(id: number, filters: readonly string[]): Buffer {
  const wanted = filters.flatMap((filter) => [text(filter), Buffer.from([1])]);
  return packet(0x82, Buffer.from([id >> 8, id & 255]), ...wanted);
}

/** A socket that has sent `first`, and the bytes that came back until it has `length` of them or is closed. */
export async function rawClient(port: number, first: Uint8Array, localAddress = '127.0.0.1') {
  const socket: Socket = connectSocket({ port, host: '127.0.0.1', localAddress });
  socket.setMaxListeners(0);
  socket.on('error', () => undefined);
  const got: Buffer[] = [];
  socket.on('data', (bytes) => void got.push(bytes));
  socket.write(first);
  const bytes = async (length: number): Promise<number[]> => {
    while (Buffer.concat(got).length < length && !socket.closed)
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return [...Buffer.concat(got)];
  };
  return { socket, bytes };
}
