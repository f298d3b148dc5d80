import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { GatewayError } from '../kit/index.ts';
import { type BrokerConnection, createBrokerConnection } from './broker-connection.ts';
import { createRetainedLimit, limitSessions, limitUnread, memoryLimits } from './broker-memory.ts';
import type { LinkDeps } from './deps.ts';
import { errnoOf, linkError } from './link-errors.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import { createPacketSizeGuard } from './packet-size-guard.ts';

/** `port` 0 takes any free port. `maxPacketBytes` cuts clients that announce more. Without `authenticate` all may come. */
export type BrokerSettings = {
  readonly host: string;
  readonly port: number;
  readonly maxPacketBytes?: number;
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

const defaultMaxPacketBytes = 256 * 1024;

/** Starts the embedded broker. Rejects with PORT_TAKEN where another program listens, LINK_DENIED without the right to. */
export async function startBroker(settings: BrokerSettings): Promise<Broker> {
  const local = createLocalTap();
  const aedes = await Aedes.createBroker({ ...signIn(settings), authorizePublish: local.authorizePublish });
  limitSessions(aedes, memoryLimits.perSession);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    capPackets(socket, settings.maxPacketBytes ?? defaultMaxPacketBytes);
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
function createLocalTap() {
  const taps: BrokerConnection[] = [];
  const limitRetained = createRetainedLimit(memoryLimits.retained);
  const authorizePublish: NonNullable<AedesOptions['authorizePublish']> = (_client, packet, callback) => {
    if (packet.topic.startsWith('$SYS/')) return callback(new Error('$SYS/ topics are the broker’s own'));
    limitRetained(packet);
    const [tap] = taps;
    if (tap === undefined || tap.state().state === 'closed') return callback(null);
    const { topic, dup } = packet;
    const message = { topic, payload: Buffer.from(packet.payload), redelivered: dup, retained: false };
    tap.take(message, () => callback(null));
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

/** aedes has no limit of its own and reads with `read`, so the bytes are seen there before its parser keeps them. */
function capPackets(socket: Socket, maxBytes: number): void {
  const withinLimit = createPacketSizeGuard(maxBytes);
  const read = socket.read.bind(socket);
  socket.read = (size) => {
    const bytes: Buffer | null = read(size);
    if (bytes === null || withinLimit(bytes)) return bytes;
    socket.destroy();
    return null;
  };
}

function listen(server: Server, { host, port }: BrokerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${host}:${port}`;
      const taken = `Another program listens on ${where}: stop it, or set another mqtt.port.`;
      if (error.code === 'EADDRINUSE') return reject(new GatewayError('PORT_TAKEN', taken, { host, port }, error));
      reject(linkError(errnoOf(error), where, error));
    });
    server.listen(port, host, resolve);
  });
}
