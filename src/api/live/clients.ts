/** One listener of the live feed, as the feed sees it. */
export type LiveClient = {
  send(text: string): void;
  /** Bytes handed over that the network has not taken yet. */
  waiting(): number;
  close(): void;
  /** Whether it may still listen: false after its key was revoked or its session ended. */
  allowed(): boolean;
  /** Whether it may see which customer an event speaks of. */
  readonly seesCustomers: boolean;
  /** By whose right it listens: a session or a key by itself. */
  readonly holder: string;
  /** The key behind that; null for a session that a sign-in code opened. */
  readonly keyId: string | null;
};

/** Listeners at once. */
const maxClients = 50;
/** Of one session, or of one key that comes by itself: a browser's tabs. */
const maxPerHolder = 8;
/** Of one key with all sessions that it opened: a shop may sign all its phones in with one. */
const maxPerKey = 25;

/** Why one more may not listen: all places are taken, or as many as one key or session may have. */
export type NoRoom = 'ALL' | 'KEY' | 'SESSION';

/** A client may be this many bytes behind before messages to it are dropped. */
const maxWaitingBytes = 1_048_576;
/** A client that takes nothing for this long is let go, ms. */
const stuckMs = 60_000;

type Entry = { readonly client: LiveClient; lostAt: number | null };

export type LiveClients = {
  add(client: LiveClient): () => void;
  size(): number;
  /** Whether one more may listen: null if so. */
  refusal(client: Pick<LiveClient, 'holder' | 'keyId'>): NoRoom | null;
  /** Sends to all; `text` may depend on what the client may see. */
  send(text: string | ((client: LiveClient) => string), now: number): void;
  /** Sends a heartbeat, and closes who may no longer listen or has been stuck for too long. */
  tend(now: number): void;
  closeAll(): void;
};

/**
 * The listeners. One that falls behind by more than its cap hears nothing until it has caught up, and then a `reset`:
 * it must ask for the present state. Nobody else, and least of all the line, waits for it.
 */
export function createLiveClients(resetText: () => string): LiveClients {
  const entries = new Set<Entry>();
  const sendOne = (entry: Entry, text: string, now: number) => {
    const { client } = entry;
    const waiting = client.waiting();
    if (entry.lostAt !== null) {
      if (waiting > 0) return;
      entry.lostAt = null;
      client.send(resetText());
      return;
    }
    if (waiting + text.length > maxWaitingBytes) entry.lostAt = now;
    else client.send(text);
  };
  return {
    add: (client) => {
      const entry: Entry = { client, lostAt: null };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    size: () => entries.size,
    refusal: ({ holder, keyId }) => {
      const clients = [...entries].map(({ client }) => client);
      if (clients.filter((one) => one.holder === holder).length >= maxPerHolder) return 'SESSION';
      if (keyId !== null && clients.filter((one) => one.keyId === keyId).length >= maxPerKey) return 'KEY';
      return clients.length >= maxClients ? 'ALL' : null;
    },
    send: (text, now) => {
      for (const entry of entries) sendOne(entry, typeof text === 'string' ? text : text(entry.client), now);
    },
    tend: (now) => {
      for (const entry of entries) {
        const stuck = entry.lostAt !== null && now - entry.lostAt > stuckMs;
        if (stuck || !entry.client.allowed()) entry.client.close();
        else sendOne(entry, ': still here\n\n', now);
      }
    },
    closeAll: () => {
      for (const { client } of entries) client.close();
    },
  };
}
