import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { GatewayError } from '../kit/index.ts';
import { type BrokerConnection, createBrokerConnection } from './broker-connection.ts';
import { createRetainedLimit, createRoom, LARGE, limitSessions, limitUnread, memoryLimits } from './broker-memory.ts';
import type { LinkDeps } from './deps.ts';
import { errnoOf, linkError } from './link-errors.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import { createPacketFilter, filterSocket, LARGEST_PAYLOAD, oversizeOf } from './packet-filter.ts';

/** `port` 0 takes any free port. A payload over `maxPayloadBytes` (16 MiB) is not kept. Without `authenticate` all may come. */
export type BrokerSettings = {
  readonly host: string;
  readonly port: number;
  readonly maxPayloadBytes?: number;
  readonly authenticate?: (username: string | null, password: string | null) => boolean;
};

/** The embedded MQTT 3.1.1 broker. Its sessions and retained messages live in memory and end with it. */
export type Broker = {
  readonly port: number;
  /**
   * The gateway's own connection, inside the process: a client's message is acknowledged to it only after the handlers
   * have returned, so nothing that a reader was promised is lost by a crash. From the first call on, messages wait for
   * `open`. (A connection through `connectMqtt` would be told after the reader got its PUBACK.)
   */
  connect(deps: LinkDeps): MqttConnection;
  close(): Promise<void>;
};

/** Starts the embedded broker. Rejects with PORT_TAKEN where another program listens, LINK_DENIED without the right to. */
export async function startBroker(settings: BrokerSettings): Promise<Broker> {
  const { maxPayloadBytes: limit = LARGEST_PAYLOAD } = settings;
  const sockets = new Set<Socket>();
  const room = createRoom<object>(memoryLimits.arriving, (evicted) => {
    for (const socket of sockets) if (socket === evicted) socket.destroy();
  });
  const local = createLocalTap(room.free, limit);
  const aedes = await Aedes.createBroker({ ...signIn(settings), authorizePublish: local.authorizePublish });
  limitSessions(aedes, memoryLimits.perSession);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.once('close', () => room.free(socket));
    const { remoteAddress = '' } = socket;
    const take = (size: number) => room.take(socket, size, remoteAddress);
    filterSocket(socket, createPacketFilter({ version: 4, limit, room: take }));
    limitUnread(socket, memoryLimits.unread);
    aedes.handle(socket);
  });
  await listen(server, settings).catch((error: unknown) => {
    aedes.close();
    throw error;
  });
  return {
    port: (server.address() as AddressInfo).port,
    connect: (deps) => local.attach(createBrokerConnection(aedes, deps)),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Sees every message of the clients before the broker acknowledges it, once somebody is attached. */
function createLocalTap(handled: (socket: object) => void, limit: number) {
  const taps: BrokerConnection[] = [];
  const limitRetained = createRetainedLimit(memoryLimits.retained);
  const authorizePublish: NonNullable<AedesOptions['authorizePublish']> = (client, packet, callback) => {
    if (packet.topic.startsWith('$SYS/')) return callback(new Error('$SYS/ topics are the broker’s own'));
    const { topic, dup: redelivered } = packet;
    const payload = Buffer.from(packet.payload);
    const oversize = oversizeOf(payload, limit);
    // It is acknowledged to its sender, and goes to nobody.
    if (oversize !== null) Object.assign(packet, { topic: '$SYS/too-large', payload: Buffer.alloc(0), retain: false });
    const done = () => {
      if (client !== null && payload.length > LARGE) handled(client.conn);
      callback(null);
    };
    limitRetained(packet);
    const [tap] = taps;
    if (tap === undefined || tap.state().state === 'closed') return done();
    tap.take(
      { topic, payload: oversize === null ? payload : Buffer.alloc(0), redelivered, retained: false, oversize },
      done,
    );
  };
  const attach = (connection: BrokerConnection): MqttConnection => {
    taps[0] = connection;
    return connection;
  };
  return { authorizePublish, attach };
}

function signIn(settings: BrokerSettings): AedesOptions {
  const { authenticate } = settings;
  if (authenticate === undefined) return {};
  return {
    authenticate: (_client, username, password, done) => {
      const known = authenticate(username ?? null, password === undefined ? null : String(password));
      if (known) return done(null, true);
      done(Object.assign(new Error('wrong user name or password'), { returnCode: 4 }), false);
    },
  };
}

function listen(server: Server, { host, port }: BrokerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${host}:${port}`;
      const taken = `Another program listens on ${where}. Choose another mqtt.port.`;
      if (error.code === 'EADDRINUSE') return reject(new GatewayError('PORT_TAKEN', taken, { host, port }, error));
      reject(linkError(errnoOf(error), where, error));
    });
    server.listen(port, host, resolve);
  });
}
