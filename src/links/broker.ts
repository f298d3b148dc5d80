import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import {
  type Clock,
  errnoOf,
  failure,
  fault,
  LARGEST_PAYLOAD,
  type Log,
  silentLog,
  systemClock,
} from '../kit/index.ts';
import type { BrokerAccess } from './broker-access.ts';
import { type BrokerBounds, createBounds } from './broker-bounds.ts';
import { type BrokerConnection, createBrokerConnection } from './broker-connection.ts';
import { createDenials, type Denials } from './broker-denials.ts';
import { type BrokerDoor, createBrokerDoor } from './broker-door.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { LARGE } from './broker-memory.ts';
import type { LinkDeps } from './deps.ts';
import { hostError } from './link-errors.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import { createPacketFilter, filterSocket, oversizeOf } from './packet-filter.ts';

/** `port` 0 takes any free port. A payload over `maxPayloadBytes` (16 MiB) is not kept. Without `access` all may come. */
export type BrokerSettings = {
  readonly host: string;
  readonly port: number;
  readonly maxPayloadBytes?: number;
  readonly access?: BrokerAccess | null;
  /** Gets what the broker refuses. */
  readonly denials?: Denials;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: BrokerLimits;
};

/** The embedded MQTT 3.1.1 broker. Its sessions and retained messages live in memory and end with it. */
export type Broker = {
  readonly port: number;
  /**
   * The gateway's own connection, inside the process: a client's message is acknowledged to it only after the handlers
   * have taken it, so nothing that a reader was promised is lost by a crash. From the first call on, messages wait for
   * `open`. (A connection through `connectMqtt` would be told after the reader got its PUBACK.)
   */
  connect(deps: LinkDeps): MqttConnection;
  /** What cost too much and was refused, by kind, since the start. */
  overload(): Readonly<Record<string, number>>;
  close(): Promise<void>;
};

/** Silence after which the system asks whether the other side of a connection is still there, ms. */
const probeIdleMs = 30_000;

/** Starts the embedded broker. Rejects with PORT_TAKEN where another program listens, LINK_DENIED without the right to. */
export async function startBroker(settings: BrokerSettings): Promise<Broker> {
  const { maxPayloadBytes: limit = LARGEST_PAYLOAD, access = null, clock = systemClock, log = silentLog } = settings;
  const { denials = createDenials({ clock, log }) } = settings;
  const door = createBrokerDoor(access, { denials, clock, log });
  const bounds = createBounds({ clock, log, denials }, settings.limits);
  const local = createLocalTap(bounds, limit, door.mayPublish);
  const aedes = await Aedes.createBroker(bounds.options({ ...door.options, authorizePublish: local.authorizePublish }));
  door.attach(aedes);
  bounds.attach(aedes);
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: probeIdleMs }, (socket) => {
    const admitted = bounds.admit(socket);
    if (admitted === null) return;
    filterSocket(socket, createPacketFilter({ version: 4, limit, room: admitted.room }));
    aedes.handle(socket);
  });
  await listen(server, settings).catch((error: unknown) => {
    door.close();
    aedes.close();
    throw error;
  });
  return {
    port: (server.address() as AddressInfo).port,
    overload: bounds.counts,
    connect: (deps) => local.attach(createBrokerConnection(aedes, deps)),
    close: async () => {
      door.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of bounds.sockets()) socket.destroy();
      await closed;
      bounds.close();
    },
  };
}

/** Sees every message of the clients before the broker acknowledges it, once somebody is attached. */
function createLocalTap(bounds: BrokerBounds, limit: number, mayPublish: BrokerDoor['mayPublish']) {
  const taps: BrokerConnection[] = [];
  const authorizePublish: NonNullable<AedesOptions['authorizePublish']> = (client, packet, callback) => {
    const [tap] = taps;
    const refusal = refusalOf(packet.topic, tap);
    if (refusal !== null) return callback(new Error(refusal));
    const { topic, dup: redelivered } = packet;
    const payload = Buffer.from(packet.payload);
    const isForeign = !mayPublish(client, topic);
    const oversize = oversizeOf(payload, limit);
    // It is acknowledged to its sender, and goes to nobody.
    if (isForeign || oversize !== null)
      Object.assign(packet, { topic: '$SYS/dropped', payload: Buffer.alloc(0), retain: false });
    const done = () => {
      if (client !== null && payload.length > LARGE) bounds.handled(client.conn);
      callback(null);
    };
    if (!bounds.takeMessage(client, packet)) return callback(new Error('it is too much for the broker'));
    if (isForeign || tap === undefined) return done();
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

/** Why the sender of a message is cut, and keeps it; null where it may go on. */
function refusalOf(topic: string, tap: BrokerConnection | undefined): string | null {
  if (topic.startsWith('$SYS/')) return '$SYS/ topics are the broker’s own';
  return tap?.state().state === 'closed' ? 'the gateway stops, and nobody takes messages any more' : null;
}

function listen(server: Server, { host, port }: BrokerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${host}:${port}`;
      const taken = fault('BROKER_PORT_IN_USE', { where });
      if (error.code === 'EADDRINUSE') return reject(failure(taken, { host, port }, error));
      reject(hostError(errnoOf(error), where, error));
    });
    server.listen(port, host, resolve);
  });
}
