import type { Socket } from 'node:net';
import type { Aedes, AedesOptions, Client } from 'aedes';
import { createDispatch } from './broker-dispatch.ts';
import { createDoors } from './broker-doors.ts';
import { type BrokerLimits, brokerLimits, overheads } from './broker-limits.ts';
import { createSharedSpace, LARGE } from './broker-memory.ts';
import { createOverload, type OverloadDeps, type Refuse } from './broker-overload.ts';
import { createPersistence } from './broker-persistence.ts';
import { createRetained } from './broker-retained.ts';
import { type BrokerSessions, createSessions } from './broker-sessions.ts';
import { createUnread } from './broker-unread.ts';

type Connect = Parameters<NonNullable<AedesOptions['preConnect']>>[1];
type Publish = Parameters<NonNullable<AedesOptions['authorizePublish']>>[1];
type Doors = ReturnType<typeof createDoors>;

/** Everything that bounds the memory of an embedded broker. */
export type BrokerBounds = ReturnType<typeof createBounds>;

/** The bounds of one broker. `limits` are those in use unless a test has its own. */
export function createBounds(deps: OverloadDeps, limits: BrokerLimits = brokerLimits) {
  const overload = createOverload(deps);
  const { refuse } = overload;
  const doors = createDoors(limits, deps.clock, refuse);
  const rooms = createRooms(limits, doors, refuse);
  const unread = createUnread(limits, refuse);
  const sessions = createSessions(limits, refuse);
  const retained = createRetained(limits);
  const persistence = createPersistence(sessions, retained, limits, refuse);
  const mq = createDispatch(limits);
  return {
    limits,
    /** Connections, sessions, subscriptions and wills beyond the limits are refused after `given` has let them in. */
    options: (given: AedesOptions): AedesOptions => ({
      ...given,
      ...guards(given, sessions, doors, limits, refuse),
      persistence,
      mq,
      connectTimeout: limits.connectMs,
      published: (_packet, client, done) => {
        if (client !== null) rooms.passed(client.conn);
        done(null);
      },
    }),
    attach: (aedes: Aedes): void => listen(aedes, sessions, doors, persistence),
    /** Takes a connection in; null where there is no place. `room` is asked before it passes on a long packet. */
    admit: (socket: Socket): { readonly room: (size: number) => boolean } | null => {
      if (!doors.admit(socket)) return null;
      unread.limit(socket, doors.from(socket));
      socket.once('close', () => rooms.gone(socket));
      return { room: (size) => rooms.arriving(socket, size) };
    },
    /** Before a message goes on: false where its sender is to be cut. Takes the retain flag off where there is no room to keep it. */
    takeMessage: (client: Client | null, packet: Publish): boolean => {
      const from = client === null ? null : doors.from(client.conn);
      if (!isShort(packet.topic, limits)) {
        refuse('TOPIC', from);
        return false;
      }
      if (packet.retain && !retained.hasRoom(packet.topic, packet.payload.length)) {
        refuse('RETAINED', from);
        packet.retain = false;
      }
      return client === null || rooms.passing(client.conn, packet);
    },
    topics: createTopicsBounds(limits, mq, sessions),
    /** A long message has been handled. */
    handled: (socket: object) => rooms.handled(socket),
    sockets: doors.sockets,
    /** How often what was refused, since the start. */
    counts: overload.counts,
    close: overload.close,
  };
}

/** What the short way of messages asks about topics. */
function createTopicsBounds(limits: BrokerLimits, mq: ReturnType<typeof createDispatch>, sessions: BrokerSessions) {
  return {
    /** Whether a topic is within the bounds and no client has a filter that it fits. */
    isUnheard: (topic: string): boolean =>
      isShort(topic, limits) && !mq.isHeard(topic) && sessions.matching(topic).length === 0,
    /** Counts filters that were added: with each of them a topic may be heard by others. */
    filters: (): number => mq.added() + sessions.added(),
  };
}

/** Keeps count of who comes and goes. */
function listen(
  aedes: Aedes,
  sessions: BrokerSessions,
  doors: Doors,
  persistence: ReturnType<typeof createPersistence>,
): void {
  aedes.on('client', (client) => sessions.opened(asking(client, doors)));
  aedes.on('clientReady', (client) => doors.signedIn(client.conn));
  aedes.on('clientDisconnect', (client) => sessions.closed(client.id));
  aedes.on('unsubscribe', (topics, client) => sessions.removeFilters(client.id, topics));
  aedes.on('subscribe', (_filters, client) =>
    persistence.subscribed(client as unknown as { id: string; conn: Socket }),
  );
}

function excessOf({ clientId, will }: Connect, limits: BrokerLimits): 'CLIENT_ID' | 'WILL' | null {
  if (Buffer.byteLength(clientId) > limits.clientId) return 'CLIENT_ID';
  return will !== undefined && will.payload.length + Buffer.byteLength(will.topic) > limits.will ? 'WILL' : null;
}

function isShort(topic: string, limits: BrokerLimits): boolean {
  return Buffer.byteLength(topic) <= limits.topic && topic.split('/').length <= limits.topicLevels;
}

function asking({ id, clean, conn }: Client, doors: Doors) {
  return { id, clean, address: doors.from(conn) };
}

/** What is asked on the way in. `given` answers first: who has no right to something learns nothing of the limits. */
function guards(
  given: AedesOptions,
  sessions: BrokerSessions,
  doors: Doors,
  limits: BrokerLimits,
  refuse: Refuse,
): Required<Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizeSubscribe'>> {
  const { preConnect = (_client, _packet, done) => done(null, true) } = given;
  const { authenticate = (_client, _name, _password, done) => done(null, true) } = given;
  const { authorizeSubscribe = (_client, filter, done) => done(null, filter) } = given;
  return {
    preConnect: (client, packet, done) =>
      preConnect(client, packet, (error, isWelcome) => {
        const kind = excessOf(packet, limits);
        if (error !== null || !isWelcome || kind === null) return done(error, isWelcome);
        refuse(kind, doors.from(client.conn));
        done(new Error('the CONNECT is too long'), false);
      }),
    authenticate: (client, name, password, done) =>
      authenticate(client, name, password, (error, isKnown) => {
        if (error !== null || isKnown !== true || sessions.admit(asking(client, doors))) return done(error, isKnown);
        refuse('SESSIONS', doors.from(client.conn));
        done(Object.assign(new Error('too many sessions'), { returnCode: 3 }), false);
      }),
    authorizeSubscribe: (client, filter, done) =>
      authorizeSubscribe(client, filter, (error, granted) => {
        if (error !== null || !granted) return done(error, granted);
        if (isShort(granted.topic, limits) && sessions.addFilter(asking(client, doors), granted.topic, granted.qos))
          return done(null, granted);
        refuse('SUBSCRIPTIONS', doors.from(client.conn));
        done(null, null);
      }),
  };
}

/** The rooms that packets on their way share: long ones from their header on, short ones from their arrival on. */
function createRooms(limits: BrokerLimits, doors: Doors, refuse: Refuse) {
  const roomFor = (kind: 'ARRIVING' | 'PASSING', limit: number) =>
    createSharedSpace<object>(limit, (evicted) => {
      refuse(kind, doors.from(evicted));
      doors.cut(evicted);
    });
  const [long, short] = [roomFor('ARRIVING', limits.arriving), roomFor('PASSING', limits.passing)];
  const inside = new Map<object, Inside>();
  const ask = (room: typeof long, kind: 'ARRIVING' | 'PASSING', socket: object, size: number): boolean => {
    const has = room.take(socket, size, doors.from(socket));
    if (!has) refuse(kind, doors.from(socket));
    return has;
  };
  return {
    arriving: (socket: object, size: number) => ask(long, 'ARRIVING', socket, size),
    handled: (socket: object) => long.free(socket),
    passing: (socket: object, { topic, payload }: Publish): boolean => {
      // The last will of a connection that has gone.
      if (!doors.has(socket)) return true;
      const size = overheads.passing + topic.length + (payload.length >= LARGE ? 0 : payload.length);
      const own = inside.get(socket) ?? { sizes: [], total: 0 };
      own.sizes.push(size);
      own.total += size;
      inside.set(socket, own);
      return ask(short, 'PASSING', socket, own.total);
    },
    passed: (socket: object): void => {
      const own = inside.get(socket);
      if (own === undefined) return;
      own.total -= own.sizes.shift() ?? 0;
      short.free(socket);
      if (own.sizes.length === 0) inside.delete(socket);
      else short.take(socket, own.total, doors.from(socket));
    },
    gone: (socket: object): void => {
      inside.delete(socket);
      short.free(socket);
      long.free(socket);
    },
  };
}

/** What one connection has sent and what is still on its way, in order. */
type Inside = { readonly sizes: number[]; total: number };
