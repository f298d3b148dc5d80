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
import { type BrokerConnections, createBrokerConnections, publishTo } from './broker-connection.ts';
import { createDenials, type Denials } from './broker-denials.ts';
import { type BrokerDoor, createBrokerDoor } from './broker-door.ts';
import { createLanes } from './broker-lane.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { LARGE } from './broker-memory.ts';
import type { LinkDeps } from './deps.ts';
import { hostError } from './link-errors.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import { createPacketFilter, filterSocket, oversizeOf } from './packet-filter.ts';
import { besideLane } from './packet-lane.ts';

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
   * A connection of the gateway's own, inside the process; one for each reader. A client's message is acknowledged to it
   * only after the handlers of all connections have taken it, so nothing that a reader was promised is lost by a crash.
   * From the first call on, messages wait until all are open. (A connection through `connectMqtt` would hear of it after the
   * reader got its PUBACK.)
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
  const own = createBrokerConnections((packet) => publishTo(aedes)(packet));
  const local = createLocalTap(own, { bounds, limit, clock, mayPublish: door.mayPublish });
  const aedes: Aedes = await Aedes.createBroker(bounds.options({ ...door.options, authorizePublish: local }));
  const { limits } = bounds;
  const lanes = createLanes({ own, bounds, limits, limit, mayPublish: door.isAllowed, now: clock.now });
  aedes.on('clientReady', lanes.signedIn);
  door.attach(aedes);
  bounds.attach(aedes);
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: probeIdleMs }, (socket) => {
    const admitted = bounds.admit(socket);
    if (admitted === null) return;
    filterSocket(socket, besideLane(lanes.of(socket), createPacketFilter({ version: 4, limit, room: admitted.room })));
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
    connect: own.connect,
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

type Tap = {
  readonly bounds: BrokerBounds;
  readonly limit: number;
  readonly clock: Clock;
  readonly mayPublish: BrokerDoor['mayPublish'];
};

/** Sees every message of the clients before the broker acknowledges it, once somebody is connected. */
function createLocalTap(own: BrokerConnections, { bounds, limit, clock, mayPublish }: Tap) {
  const authorizePublish: NonNullable<AedesOptions['authorizePublish']> = (client, packet, callback) => {
    const refusal = refusalOf(packet.topic, own);
    if (refusal !== null) return callback(new Error(refusal));
    const { topic, dup: redelivered } = packet;
    const payload = Buffer.from(packet.payload);
    const isForeign = !mayPublish(client, topic);
    const oversize = oversizeOf(payload, limit);
    if (isForeign || oversize !== null) drop(packet);
    const done = () => {
      if (client !== null && payload.length > LARGE) bounds.handled(client.conn);
      callback(null);
    };
    if (!bounds.takeMessage(client, packet)) return callback(new Error('it is too much for the broker'));
    const kept = oversize === null ? payload : Buffer.alloc(0);
    const message = { topic, payload: kept, redelivered, retained: false, oversize, at: clock.now() };
    if (isForeign || !own.take(message, done)) done();
  };
  return authorizePublish;
}

/** It is acknowledged to its sender, and goes to nobody. */
function drop(packet: object): void {
  Object.assign(packet, { topic: '$SYS/dropped', payload: Buffer.alloc(0), retain: false });
}

/** Why the sender of a message is cut, and keeps it; null where it may go on. */
function refusalOf(topic: string, own: BrokerConnections): string | null {
  if (topic.startsWith('$SYS/')) return '$SYS/ topics are the broker’s own';
  return own.areClosed() ? 'the gateway stops, and nobody takes messages any more' : null;
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
