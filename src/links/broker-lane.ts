import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { BrokerBounds } from './broker-bounds.ts';
import type { BrokerConnections } from './broker-connection.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { overheads } from './broker-limits.ts';
import { LARGE } from './broker-memory.ts';
import type { Lane } from './packet-lane.ts';

const DUP = 0b1000;
const QOS_1 = 0b0010;
/** Topics that are known to go to the gateway alone. */
const MOST_TOPICS = 4_096;

export type LaneParts = {
  readonly own: BrokerConnections;
  readonly bounds: Pick<BrokerBounds, 'topics'>;
  readonly limits: BrokerLimits;
  /** Longest payload that is taken, bytes. */
  readonly limit: number;
  readonly mayPublish: (client: Client, topic: string) => boolean;
  readonly now: () => number;
};

/** What aedes 1.2 knows of a client; `_parsingBatch` counts packets that it has begun and not finished. */
type Served = Client & { readonly connected: boolean; readonly _parsingBatch?: number } & Partial<KeepAlive>;
type KeepAlive = { readonly _keepaliveInterval: number; readonly _keepaliveTimer: NodeJS.Timeout | null };

export type BrokerLanes = {
  /** A connection that has come; nothing of it takes the lane before it has signed in. */
  of(socket: Socket): Lane;
  /** It has signed in. */
  signedIn(client: Client): void;
};

/**
 * The short way of the commonest packet: a PUBLISH of QoS 0 or 1, not retained and not long, on a topic that only the gateway
 * wants. It goes from the socket to the handlers, and its PUBACK back when they have taken it; the broker, which would turn
 * each into a dozen turns of the event loop, does not see it. Everything else goes through the broker, and whatever comes
 * behind it in the same chunk: so the order of a connection stays. While too much of a connection waits for the disk its
 * messages go through the broker, too, which then reads nothing more of it.
 */
export function createLanes(parts: LaneParts): BrokerLanes {
  const { own, limits } = parts;
  const ways = new WeakMap<object, Way>();
  const sums = { waiting: 0 };
  const isPlain = createTopics(parts.bounds.topics);
  const isFree = (way: Way): boolean => {
    const { client, socket } = way;
    if (client === null || !client.connected || client.closed || client._parsingBatch !== 0) return false;
    const hasRoom = way.waiting < limits.laneOfOne && sums.waiting < limits.lane;
    return hasRoom && socket.readableLength === 0 && own.areOpen();
  };
  const take = (way: Way, flags: number, body: Buffer): boolean => {
    const found = readPublish(flags, body);
    if (found === null || found.payload.length > parts.limit || !isPlain(found.topic)) return false;
    const { client } = way;
    if (client === null || !parts.mayPublish(client, found.topic)) return false;
    const size = overheads.passing + body.length;
    way.waiting += size;
    sums.waiting += size;
    const done = () => {
      // What a connection that has gone left here was taken off when it went.
      if (way.isGone) return;
      way.waiting -= size;
      sums.waiting -= size;
      if (found.id !== null) acknowledge(way, found.id);
    };
    const { topic, payload } = found;
    own.take({ topic, payload, redelivered: (flags & DUP) !== 0, retained: false, at: parts.now() }, done);
    if ((client._keepaliveInterval ?? 0) > 0) client._keepaliveTimer?.refresh();
    return true;
  };
  return {
    of: (socket) => {
      const way: Way = { socket, client: null, waiting: 0, isGone: false, acks: [] };
      ways.set(socket, way);
      socket.once('close', () => {
        sums.waiting -= way.waiting;
        way.isGone = true;
      });
      return { most: LARGE, isFree: () => isFree(way), take: (flags, body) => take(way, flags, body) };
    },
    signedIn: (client) => {
      const way = ways.get(client.conn);
      if (way !== undefined) way.client = client as Served;
    },
  };
}

type Way = {
  readonly socket: Socket;
  client: Served | null;
  /** Bytes that wait for the handlers. */
  waiting: number;
  isGone: boolean;
  /** Packet identifiers whose PUBACK is written with the next turn of the event loop. */
  readonly acks: number[];
};

/** All that are due at the same time are written at once. */
function acknowledge(way: Way, id: number): void {
  way.acks.push(id);
  if (way.acks.length === 1) process.nextTick(writeAcks, way);
}

function writeAcks({ socket, client, acks }: Way): void {
  const bytes = Buffer.allocUnsafe(4 * acks.length);
  for (const [index, id] of acks.entries()) {
    bytes.writeUInt16BE(0x4002, 4 * index);
    bytes.writeUInt16BE(id, 4 * index + 2);
  }
  acks.length = 0;
  if (client?.connected === true && !client.closed && !socket.destroyed) socket.write(bytes);
}

type Publish = { readonly topic: string; readonly id: number | null; readonly payload: Buffer };

/** Topic, identifier and payload of a PUBLISH (MQTT 3.1.1, 3.3), or null for what the broker has to look at. */
function readPublish(flags: number, body: Buffer): Publish | null {
  const qos = flags & ~DUP;
  if ((qos !== 0 && qos !== QOS_1) || body.length < 2) return null;
  const end = 2 + body.readUInt16BE(0);
  const from = qos === 0 ? end : end + 2;
  if (end === 2 || from > body.length) return null;
  const id = qos === 0 ? null : body.readUInt16BE(end);
  return id === 0 ? null : { topic: body.toString('latin1', 2, end), id, payload: body.subarray(from) };
}

/** Whether a topic is plain ASCII without wildcards, within the bounds, and nobody's but the gateway's. What is known of it goes with each new filter. */
function createTopics(bounds: BrokerBounds['topics']): (topic: string) => boolean {
  const plain = new Set<string>();
  let filters = -1;
  return (topic) => {
    if (filters !== bounds.filters()) plain.clear();
    filters = bounds.filters();
    if (plain.has(topic)) return true;
    if (!/^[!-"%-*,-~][ -"$-*,-~]*$/.test(topic) || !bounds.isUnheard(topic)) return false;
    if (plain.size >= MOST_TOPICS) plain.clear();
    plain.add(topic);
    return true;
  };
}
