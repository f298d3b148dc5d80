import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type BrokerLimits, overheads } from './broker-limits.ts';
import type { Refuse } from './broker-overload.ts';
import { type BrokerPacket, createQueues } from './broker-queue.ts';
import type { createRetained } from './broker-retained.ts';
import type { BrokerSessions } from './broker-sessions.ts';

type Client = { readonly id: string; readonly clean?: boolean; readonly conn?: Socket };
type Filter = { readonly topic: string; readonly qos: number };
type Retained = ReturnType<typeof createRetained>;

/** What a connection may have unread before a stream of kept messages waits for it. */
const PACE_BYTES = 64 * 1024;

/**
 * What aedes 1.2 keeps through its `persistence` (aedes-persistence, abstract.js), in memory and within `limits`. aedes-persistence
 * itself has no bound, and keeps a key for every client id that ever acknowledged something.
 */
export function createPersistence(sessions: BrokerSessions, retained: Retained, limits: BrokerLimits, refuse: Refuse) {
  const queues = createQueues(sessions, limits, refuse);
  const wills = new Map<string, object>();
  const reads = createRetainedReads(retained);
  const broker = { id: '' };
  return {
    /** Who has just subscribed: the next stream of retained messages is theirs. */
    subscribed: reads.subscribed,
    setup: async ({ id }: { readonly id: string }) => void Object.assign(broker, { id }),
    storeRetained: async (packet: BrokerPacket) => retained.store(packet),
    createRetainedStreamCombi: reads.stream,
    // The filters came in when they were authorized: of one packet, only those that were.
    addSubscriptions: async () => undefined,
    removeSubscriptions: async ({ id }: Client, topics: readonly string[]) => sessions.removeFilters(id, topics),
    subscriptionsByClient: async ({ id }: Client): Promise<Filter[]> =>
      [...(sessions.get(id)?.filters ?? [])].map(([topic, { qos }]) => ({ topic, qos })),
    subscriptionsByTopic: async (topic: string) => sessions.matching(topic),
    cleanSubscriptions: async ({ id }: Client) => sessions.clear(id),
    outgoingEnqueue: async ({ clientId }: { readonly clientId: string }, packet: BrokerPacket) =>
      queues.enqueue([{ clientId, topic: '', qos: 1 }], packet),
    outgoingEnqueueCombi: async (...given: Parameters<typeof queues.enqueue>) => queues.enqueue(...given),
    outgoingUpdate: async ({ id }: Client, packet: BrokerPacket) => queues.update(id, packet),
    outgoingClearMessageId: async ({ id }: Client, packet: BrokerPacket) => queues.clear(id, packet),
    outgoingStream: ({ id, conn }: Client) => Readable.from(paced(queues.waiting(id), conn, { brokerId: broker.id })),
    ...createIncoming(sessions, limits, refuse),
    putWill: async ({ id }: Client, packet: object) => {
      wills.set(id, Object.assign(packet, { brokerId: broker.id, clientId: id }));
    },
    getWill: async ({ id }: Client) => wills.get(id),
    delWill: async ({ id }: Client) => {
      const will = wills.get(id);
      wills.delete(id);
      return will;
    },
    // Wills of brokers that are gone; there is one broker only.
    streamWill: () => Readable.from([]),
  };
}

/** Messages of QoS 2 between PUBLISH and PUBREL: what has to be known of them is their identifier. */
function createIncoming(sessions: BrokerSessions, limits: BrokerLimits, refuse: Refuse) {
  const isKnown = ({ id }: Client, { messageId = 0 }: BrokerPacket) =>
    sessions.get(id)?.incoming.has(messageId) === true;
  return {
    incomingStorePacket: async ({ id }: Client, { messageId = 0 }: BrokerPacket) => {
      const session = sessions.get(id);
      const cost = overheads.identifier;
      if (session === undefined || session.incoming.size >= limits.inflight || !sessions.makeRoom(cost, session)) {
        refuse('IN_FLIGHT', session?.address ?? '');
        throw new Error('too many QoS 2 messages wait for their PUBREL');
      }
      if (!session.incoming.has(messageId)) sessions.charge(session, cost);
      session.incoming.add(messageId);
    },
    incomingGetPacket: async (client: Client, packet: BrokerPacket) => {
      if (!isKnown(client, packet)) throw new Error('no such packet');
      return packet;
    },
    incomingDelPacket: async (client: Client, packet: BrokerPacket) => {
      const session = sessions.get(client.id);
      if (session?.incoming.delete(packet.messageId ?? 0) !== true) throw new Error('no such packet');
      sessions.charge(session, -overheads.identifier);
    },
    cleanIncoming: async ({ id }: Client) => {
      const session = sessions.get(id);
      if (session === undefined) return;
      sessions.charge(session, -session.incoming.size * overheads.identifier);
      session.incoming.clear();
    },
  };
}

/**
 * Hands out retained messages. A client has one stream at a time, which takes in what it subscribes to meanwhile: so thousands of
 * SUBSCRIBEs do not open thousands of streams.
 */
function createRetainedReads(retained: Retained) {
  const open = new WeakMap<object, Set<string>>();
  const now: { client: Client | null } = { client: null };
  return {
    subscribed: (client: Client): void => {
      now.client = client;
    },
    stream: (filters: readonly string[]): Readable => {
      const { client } = now;
      now.client = null;
      if (client?.conn === undefined) return Readable.from([]);
      const running = open.get(client);
      for (const filter of filters) running?.add(filter);
      if (running !== undefined) return Readable.from([]);
      const wanted = new Set(filters);
      open.set(client, wanted);
      return Readable.from(paced(retained.matching(wanted), client.conn, {}, () => open.delete(client)));
    },
  };
}

/** Goes on as the client reads; ends where it has gone. */
async function* paced(
  packets: Iterable<BrokerPacket> | AsyncIterable<BrokerPacket>,
  conn: Socket | undefined,
  more: object,
  ended: () => void = () => undefined,
): AsyncGenerator<object> {
  try {
    for await (const packet of packets) {
      while (conn !== undefined && !conn.destroyed && conn.writableLength > PACE_BYTES) await room(conn);
      if (conn?.destroyed === true) return;
      yield { ...packet, ...more };
    }
  } finally {
    ended();
  }
}

async function room(conn: Socket): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(conn, 'drain', { signal }), once(conn, 'close', { signal })]).catch(() => undefined);
  done.abort();
}
