import { type BrokerLimits, overheads } from './broker-limits.ts';
import type { Refuse } from './broker-overload.ts';
import { createTopicTree } from './broker-topics.ts';

export type Asking = { readonly id: string; readonly clean: boolean; readonly address: string };

/** What the broker keeps for one client id. Only `kept` sessions outlive their connection. */
export type BrokerSession = {
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

/** A kept session that a message is for, and by which of its filters. */
export type Match = { readonly clientId: string; readonly topic: string; readonly qos: number };

export type BrokerSessions = ReturnType<typeof createSessions>;

type Tree = ReturnType<typeof createTopicTree<string, number>>;

type Book = {
  readonly sessions: Map<string, BrokerSession>;
  /** In the order in which they were abandoned. */
  readonly abandoned: Map<string, BrokerSession>;
  readonly tree: Tree;
  readonly limits: BrokerLimits;
  readonly refuse: Refuse;
  cost: number;
  /** Filters that were added so far. */
  added: number;
};

/**
 * The sessions of all clients within `limits`. Where there is no room, the abandoned session that is the oldest of the address
 * with most abandoned ones goes; a live one never does.
 */
export function createSessions(limits: BrokerLimits, refuse: Refuse) {
  const empty = { sessions: new Map(), abandoned: new Map(), tree: createTopicTree<string, number>() };
  const book: Book = { ...empty, limits, refuse, cost: 0, added: 0 };
  const { sessions, tree } = book;
  return {
    get: (id: string) => sessions.get(id),
    cost: () => book.cost,
    added: () => book.added,
    charge: (session: BrokerSession, cost: number) => charge(book, session, cost),
    makeRoom: (cost: number, keep: BrokerSession | null) => makeRoom(book, cost, keep),
    release: (session: BrokerSession, counter: number) => release(book, session, counter),
    letGo: (session: BrokerSession, message: Message | null) => letGo(book, session, message),
    /** A message begins to wait, for however many. */
    addShared: ({ cost }: Message): void => {
      book.cost += cost;
    },
    /** Before a client may connect: whether there is room for its session. */
    admit: ({ id, address }: Asking): boolean => {
      if (sessions.has(id)) return true;
      const own = (session: BrokerSession) => session.address === address;
      while (countOf(book, address) >= limits.sessionsPerAddress) if (!evictOne(book, own, null)) return false;
      while (sessions.size >= limits.sessions) if (!evictOne(book, () => true, null)) return false;
      return makeRoom(book, overheads.session + 2 * id.length, null);
    },
    opened: (asking: Asking): void => void open(book, asking),
    closed: (id: string): void => close(book, id),
    /** A clean CONNECT: nothing of an earlier session is left. */
    clear: (id: string): void => {
      const session = sessions.get(id);
      if (session?.live === false) drop(book, session);
      else if (session !== undefined) clearOut(book, session);
    },
    addFilter: (asking: Asking, topic: string, qos: number): boolean => addFilter(book, asking, topic, qos),
    removeFilters: (id: string, topics: readonly string[]): void => {
      const session = sessions.get(id);
      for (const topic of topics) if (session !== undefined) removeFilter(book, session, topic);
    },
    /** The kept sessions that a message is for. Topics that begin with $ are nobody's here. */
    matching: (topic: string): Match[] =>
      topic.startsWith('$')
        ? []
        : tree.match(topic).map(({ holder, value, filter }) => ({ clientId: holder, topic: filter, qos: value })),
  };
}

function charge(book: Book, session: BrokerSession, cost: number): void {
  session.cost += cost;
  book.cost += cost;
}

function drop(book: Book, session: BrokerSession): void {
  book.sessions.delete(session.id);
  book.abandoned.delete(session.id);
  clearOut(book, session);
  charge(book, session, -session.cost);
}

function clearOut(book: Book, session: BrokerSession): void {
  for (const topic of [...session.filters.keys()]) removeFilter(book, session, topic);
  for (const counter of [...session.queue.keys()]) release(book, session, counter);
  charge(book, session, -session.incoming.size * overheads.identifier);
  session.incoming.clear();
}

function release(book: Book, session: BrokerSession, counter: number): void {
  const waiting = session.queue.get(counter);
  if (waiting === undefined) return;
  session.queue.delete(counter);
  charge(book, session, -overheads.waiting);
  session.queued -= overheads.waiting;
  letGo(book, session, waiting.message);
}

function letGo(book: Book, session: BrokerSession, message: Message | null): void {
  if (message === null) return;
  session.queued -= message.cost;
  message.holders -= 1;
  if (message.holders === 0) book.cost -= message.cost;
}

function evictOne(book: Book, among: (session: BrokerSession) => boolean, keep: BrokerSession | null): boolean {
  const candidates = [...book.abandoned.values()].filter((session) => session !== keep && among(session));
  const costs = new Map<string, number>();
  for (const { address, cost } of candidates) costs.set(address, (costs.get(address) ?? 0) + cost);
  const none: readonly [string, number] = ['', -1];
  const [greediest] = [...costs].reduce((most, next) => (next[1] > most[1] ? next : most), none);
  const oldest = candidates.find(({ address }) => address === greediest);
  if (oldest === undefined) return false;
  book.refuse('ABANDONED_SESSION', oldest.address);
  drop(book, oldest);
  return true;
}

function makeRoom(book: Book, cost: number, keep: BrokerSession | null): boolean {
  while (book.cost + cost > book.limits.allSessions) if (!evictOne(book, () => true, keep)) return false;
  return true;
}

function countOf({ sessions }: Book, address: string): number {
  let count = 0;
  for (const session of sessions.values()) if (session.address === address) count += 1;
  return count;
}

function open(book: Book, { id, clean, address }: Asking): BrokerSession {
  const known = book.sessions.get(id);
  const session = known ?? newSession(id, address);
  if (known === undefined) {
    book.sessions.set(id, session);
    charge(book, session, overheads.session + 2 * id.length);
  }
  book.abandoned.delete(id);
  return Object.assign(session, { address, live: true, kept: !clean });
}

/** A session that ends with its connection, or that holds nothing, is gone with it. */
function close(book: Book, id: string): void {
  const session = book.sessions.get(id);
  if (session === undefined) return;
  session.live = false;
  const isEmpty = session.filters.size + session.queue.size + session.incoming.size === 0;
  book.abandoned.delete(id);
  if (!session.kept || isEmpty) drop(book, session);
  else book.abandoned.set(id, session);
}

/** Adds a filter, for good where the session is kept; false where there is no room for it. */
function addFilter(book: Book, asking: Asking, topic: string, qos: number): boolean {
  const session = open(book, asking);
  const cost = costOfFilter(topic);
  if (!session.filters.has(topic)) {
    if (session.filters.size >= book.limits.filtersPerSession || !makeRoom(book, cost, session)) return false;
    charge(book, session, cost);
  }
  session.filters.set(topic, { qos, cost });
  book.added += 1;
  if (asking.clean || qos === 0) book.tree.remove(topic, session.id);
  else book.tree.add(topic, session.id, qos);
  return true;
}

function removeFilter(book: Book, session: BrokerSession, topic: string): void {
  const filter = session.filters.get(topic);
  if (filter === undefined) return;
  book.tree.remove(topic, session.id);
  session.filters.delete(topic);
  charge(book, session, -filter.cost);
}

function newSession(id: string, address: string): BrokerSession {
  const none = { filters: new Map(), queue: new Map(), incoming: new Set<number>() };
  return { id, address, live: false, kept: false, ...none, queued: 0, cost: 0 };
}

/** The filter stands in the tree of the kept ones, and in that of the open ones. */
function costOfFilter(topic: string): number {
  return overheads.filter + 4 * topic.length + overheads.level * topic.split('/').length;
}
