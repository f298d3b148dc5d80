import type { Socket } from 'node:net';
import type { Aedes, AedesOptions } from 'aedes';

type Publish = Parameters<NonNullable<AedesOptions['authorizePublish']>>[1];

/** What the embedded broker keeps at most for others, bytes of payload and topic. Readers need none of it. */
export type MemoryLimits = {
  /** All retained messages together. */
  readonly retained: number;
  /** What waits for one client that does not acknowledge, or that is away; one message may be longer. */
  readonly perSession: number;
  /** What one connection may leave unread, beside the one large message that it is reading. */
  readonly unread: number;
  /** Long packets that are arriving or being handled, of all connections together. */
  readonly arriving: number;
};

export const memoryLimits: MemoryLimits = {
  retained: 16 * 1024 * 1024,
  perSession: 4 * 1024 * 1024,
  unread: 8 * 1024 * 1024,
  arriving: 64 * 1024 * 1024,
};

const sizeOf = ({ topic, payload }: { topic: string; payload: Buffer | string }) => topic.length + payload.length;

/** Counts retained messages. The result takes the retain flag off a message for which there is no room: it still goes to who listens now. */
export function createRetainedLimit(limit: number): (packet: Publish) => void {
  const sizes = new Map<string, number>();
  let total = 0;
  return (packet) => {
    if (!packet.retain) return;
    const { topic } = packet;
    const size = packet.payload.length === 0 ? 0 : sizeOf(packet);
    const next = total - (sizes.get(topic) ?? 0) + size;
    if (size > 0 && next > limit) {
      packet.retain = false;
      return;
    }
    total = next;
    if (size === 0) sizes.delete(topic);
    else sizes.set(topic, size);
  };
}

type Sub = { readonly clientId: string };
type Enqueue = (subs: readonly Sub[], packet: Publish, ...rest: unknown[]) => unknown;

/**
 * Keeps what waits for one session within `limit`: a session that is away for good costs no more than that. What is
 * beyond is not queued for it; a client that is there and does not acknowledge is cut by the broker then.
 */
export function limitSessions(aedes: Aedes, limit: number): void {
  const waiting = new Map<string, number>();
  const { persistence } = aedes as unknown as { persistence: { outgoingEnqueueCombi: Enqueue } };
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  persistence.outgoingEnqueueCombi = (subs, packet, ...rest) => {
    const size = sizeOf(packet);
    const kept = subs.filter(({ clientId }) => {
      const before = waiting.get(clientId) ?? 0;
      return before === 0 || before + size <= limit;
    });
    for (const { clientId } of kept) waiting.set(clientId, (waiting.get(clientId) ?? 0) + size);
    return enqueue(kept, packet, ...rest);
  };
  aedes.on('ack', (packet, { id }) => {
    const left = (waiting.get(id) ?? 0) - (isPublish(packet) ? sizeOf(packet) : 0);
    if (left > 0) waiting.set(id, left);
    else waiting.delete(id);
  });
  // A clean session has no queue any more.
  aedes.on('client', (client) => {
    if (client.clean) waiting.delete(client.id);
  });
}

function isPublish(packet: object | undefined): packet is Publish {
  return packet !== undefined && 'payload' in packet && 'topic' in packet;
}

/** A message from this length on is looked after by itself: there is room for few of them. */
export const LARGE = 1024 * 1024;

/**
 * Cuts a connection that leaves more than `limit` bytes unread: the broker would keep them all. The largest message that
 * it has still to read is not counted, so that one of 16 MiB can be read at all.
 */
export function limitUnread(socket: Socket, limit: number): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let largest = 0;
  socket.on('drain', () => {
    largest = 0;
  });
  socket.write = (...given: unknown[]): boolean => {
    const [bytes] = given;
    if (bytes instanceof Uint8Array && bytes.length >= LARGE) largest = Math.max(largest, bytes.length);
    const room = write(...given);
    if (socket.writableLength > limit + largest) socket.destroy();
    return room;
  };
}

/**
 * Room that several share. A place is taken until it is freed, once for each owner; none is given beyond `limit`. Where it is
 * full, the newest place of the address that has most of it is taken away again, and `evicted` hears of it: so no address can
 * keep the others out by announcing much and sending nothing.
 */
export function createRoom<Owner>(limit: number, evicted: (owner: Owner) => void) {
  const taken = new Map<Owner, { readonly size: number; readonly from: string }>();
  let total = 0;
  const free = (owner: Owner): void => {
    total -= taken.get(owner)?.size ?? 0;
    taken.delete(owner);
  };
  const greediest = (size: number, from: string): string => {
    const sums = new Map([[from, size]]);
    for (const place of taken.values()) sums.set(place.from, (sums.get(place.from) ?? 0) + place.size);
    return [...sums].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
  };
  const makeRoom = (size: number, from: string): boolean => {
    while (total + size > limit) {
      const greedy = greediest(size, from);
      const newest = [...taken].findLast(([, place]) => place.from === greedy)?.[0];
      if (greedy === from || newest === undefined) return false;
      free(newest);
      evicted(newest);
    }
    return true;
  };
  return {
    /** False where there is no room now. */
    take: (owner: Owner, size: number, from: string): boolean => {
      free(owner);
      if (!makeRoom(size, from)) return false;
      taken.set(owner, { size, from });
      total += size;
      return true;
    },
    free,
  };
}
