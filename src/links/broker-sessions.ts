import { type BrokerLimits, overheads } from './broker-limits.ts';
import type { Refuse } from './broker-refusals.ts';
import { createTopicTree, type Match } from './broker-topics.ts';

export type Asking = { readonly id: string; readonly clean: boolean; readonly address: string };

/** What the broker keeps for one client id. Only `kept` sessions outlive their connection. */
export type Session = {
  readonly id: string;
  address: string;
  live: boolean;
  kept: boolean;
  readonly filters: Map<string, { readonly qos: number; readonly cost: number }>;
  readonly queue: Map<number, Waiting>;
  /** Identifiers of QoS 2 messages whose PUBREL has not come. The messages themselves went on. */
  readonly incoming: Set<number>;
  /** Of what waits in the queue, and of all together. */
  queued: number;
  cost: number;
};

/** One message in a queue, or the PUBREL that took its place. */
export type Waiting = {
  readonly cmd: 'publish' | 'pubrel';
  messageId: number | null;
  readonly qos: number;
  readonly retain: boolean;
  readonly message: Message | null;
};

/**
 * What several queues hold of one message; it counts once for all of them. The payload is text, a character for each byte: a
 * small Buffer would keep alive what the network handed in with it.
 */
export type Message = { readonly topic: string; readonly payload: string; readonly cost: number; holders: number };

export type Sessions = ReturnType<typeof createSessions>;

/**
 * The sessions of all clients within `limits`. Where there is no room, the abandoned session that is the oldest of the address
 * with most abandoned ones goes; a live one never does.
 */
export function createSessions(limits: BrokerLimits, refuse: Refuse) {
  const sessions = new Map<string, Session>();
  /** In the order in which they were abandoned. */
  const abandoned = new Map<string, Session>();
  const tree = createTopicTree();
  const sums = { cost: 0 };
  const charge = (session: Session, cost: number) => {
    session.cost += cost;
    sums.cost += cost;
  };
  const drop = (session: Session) => {
    sessions.delete(session.id);
    abandoned.delete(session.id);
    empty(session);
    charge(session, -session.cost);
  };
  const empty = (session: Session) => {
    for (const [topic, { cost }] of session.filters) {
      tree.remove(topic, session.id);
      charge(session, -cost);
    }
    session.filters.clear();
    for (const counter of [...session.queue.keys()]) release(session, counter);
    charge(session, -session.incoming.size * overheads.identifier);
    session.incoming.clear();
  };
  const release = (session: Session, counter: number) => {
    const waiting = session.queue.get(counter);
    if (waiting === undefined) return;
    session.queue.delete(counter);
    charge(session, -overheads.waiting);
    session.queued -= overheads.waiting;
    letGo(session, waiting.message);
  };
  const letGo = (session: Session, message: Message | null) => {
    if (message === null) return;
    session.queued -= message.cost;
    message.holders -= 1;
    if (message.holders === 0) sums.cost -= message.cost;
  };
  const evictOne = (among: (session: Session) => boolean, keep: Session | null): boolean => {
    const candidates = [...abandoned.values()].filter((session) => session !== keep && among(session));
    const costs = new Map<string, number>();
    for (const { address, cost } of candidates) costs.set(address, (costs.get(address) ?? 0) + cost);
    const greediest = [...costs].reduce((most, next) => (next[1] > most[1] ? next : most), ['', -1] as [string, number])[0];
    const oldest = candidates.find(({ address }) => address === greediest);
    if (oldest === undefined) return false;
    refuse('ABANDONED_SESSION', oldest.address);
    drop(oldest);
    return true;
  };
  const makeRoom = (cost: number, keep: Session | null): boolean => {
    while (sums.cost + cost > limits.allSessions) if (!evictOne(() => true, keep)) return false;
    return true;
  };
  const countOf = (address: string) => [...sessions.values()].filter((session) => session.address === address).length;

  const open = ({ id, clean, address }: Asking): Session => {
    const known = sessions.get(id);
    const session = known ?? newSession(id, address);
    if (known === undefined) {
      sessions.set(id, session);
      charge(session, overheads.session + 2 * id.length);
    }
    abandoned.delete(id);
    Object.assign(session, { address, live: true, kept: !clean });
    return session;
  };

  return {
    get: (id: string) => sessions.get(id),
    count: () => sessions.size,
    cost: () => sums.cost,
    charge,
    makeRoom,
    release,
    letGo,
    /** Before a client may connect: whether there is room for its session. */
    admit: ({ id, address }: Asking): boolean => {
      if (sessions.has(id)) return true;
      const own = (session: Session) => session.address === address;
      while (countOf(address) >= limits.sessionsPerAddress) if (!evictOne(own, null)) return false;
      while (sessions.size >= limits.sessions) if (!evictOne(() => true, null)) return false;
      return makeRoom(overheads.session + 2 * id.length, null);
    },
    opened: (asking: Asking): void => void open(asking),
    /** A session that ends with its connection, or that holds nothing, is gone with it. */
    closed: (id: string): void => {
      const session = sessions.get(id);
      if (session === undefined) return;
      session.live = false;
      const isEmpty = session.filters.size + session.queue.size + session.incoming.size === 0;
      if (!session.kept || isEmpty) return drop(session);
      abandoned.delete(id);
      abandoned.set(id, session);
    },
    /** A clean CONNECT: nothing of an earlier session is left. */
    clear: (id: string): void => {
      const session = sessions.get(id);
      if (session?.live === false) drop(session);
      else if (session !== undefined) empty(session);
    },
    /** Adds a filter, for good where the session is kept; false where there is no room for it. */
    addFilter: (asking: Asking, topic: string, qos: number): boolean => {
      const session = open(asking);
      const before = session.filters.get(topic);
      const cost = costOfFilter(topic);
      if (before === undefined && session.filters.size >= limits.filtersPerSession) return false;
      if (before === undefined && !makeRoom(cost, session)) return false;
      if (before === undefined) charge(session, cost);
      session.filters.set(topic, { qos, cost });
      if (asking.clean || qos === 0) tree.remove(topic, session.id);
      else tree.add(topic, session.id, qos);
      return true;
    },
    removeFilters: (id: string, topics: readonly string[]): void => {
      const session = sessions.get(id);
      for (const topic of topics) {
        const filter = session?.filters.get(topic);
        if (session === undefined || filter === undefined) continue;
        tree.remove(topic, id);
        session.filters.delete(topic);
        charge(session, -filter.cost);
      }
    },
    /** The kept sessions that a message is for. */
    matching: (topic: string): Match[] => tree.match(topic),
    addShared: (message: Message): void => {
      sums.cost += message.cost;
    },
  };
}

function newSession(id: string, address: string): Session {
  const none = { filters: new Map(), queue: new Map(), incoming: new Set<number>() };
  return { id, address, live: false, kept: false, ...none, queued: 0, cost: 0 };
}

/** The filter stands in the tree of the kept ones, and in that of the open ones. */
function costOfFilter(topic: string): number {
  return overheads.filter + 4 * topic.length + overheads.level * topic.split('/').length;
}
