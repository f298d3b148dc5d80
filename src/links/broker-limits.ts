const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * What the embedded broker keeps at most for others. Bytes are those of topics and payloads and of what the broker holds around
 * them (`overheads`). Readers need little of it: 200 of them with kept sessions are far below every line.
 */
export const brokerLimits = {
  /** Open connections; those of one address (of one /64 in IPv6). */
  connections: 1_000,
  connectionsPerAddress: 300,
  /** ms from the connection to the end of its CONNECT. */
  connectMs: 10_000,
  /** Bytes of a client id and of a topic or filter, levels of a topic, bytes of a will. */
  clientId: 256,
  topic: 1_024,
  topicLevels: 32,
  will: 4 * KIB,
  /** Sessions, open and abandoned; those of one address. */
  sessions: 1_000,
  sessionsPerAddress: 300,
  filtersPerSession: 500,
  /** QoS 2 messages of one session whose PUBREL has not come. */
  inflight: 1_000,
  /** What waits for one client that does not acknowledge, or that is away; one message may be longer. */
  perSession: 4 * MIB,
  /** Filters, queues and identifiers of all sessions together. */
  allSessions: 32 * MIB,
  /** All retained messages together. */
  retained: 16 * MIB,
  /** What one connection leaves unread, beside the one large message that it is reading; what all of them do. */
  unread: 8 * MIB,
  allUnread: 32 * MIB,
  /** Long packets that are arriving or being handled, of all connections together. */
  arriving: 64 * MIB,
  /** Short messages on their way through the gateway and to the listeners. */
  passing: 48 * MIB,
  /** The same of those that the broker does not see; those of one connection. */
  lane: 16 * MIB,
  laneOfOne: 2 * MIB,
  /** Deliveries under way, of one message for each who listens: none begins before there are fewer. */
  deliveries: 1_000,
} as const;

export type BrokerLimits = { readonly [Name in keyof typeof brokerLimits]: number };

/**
 * What one thing costs beside its own characters, in bytes of heap, rounded up. `npm run bench -- broker-overheads` prints what
 * each of them costs: it fills a broker with many of one kind and compares the heap after a collection.
 */
export const overheads = {
  session: 6_000,
  filter: 2_000,
  level: 700,
  waiting: 400,
  message: 300,
  retained: 400,
  identifier: 64,
  passing: 1_000,
  write: 500,
} as const;
