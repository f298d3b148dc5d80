import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type AbuseLog, addressGroup, type Clock } from '../../kit/index.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { createConnectionRoom } from './connection-room.ts';

/** Room beyond the limit for connections of the machine itself. */
const ownRoom = 32;

/** A connection as it was when it came: its socket forgets both addresses when the other side has gone. */
export type Peer = {
  /** Whom its limits are counted by, see `addressGroup`. */
  readonly from: string;
  /** The address that it came in on. */
  readonly localAddress: string | undefined;
};

export type Connections = {
  /** Who is behind a request's socket; null for one that came by no network. */
  peer(socket: Socket): Peer | null;
  /** The request that is being taken on this socket is of somebody who has signed in. */
  signedIn(socket: Socket): void;
  close(): void;
};

type Held = Peer & {
  readonly raw: Socket;
  /** What requests come on: over TLS not the connection itself. */
  stream: Socket;
  open: number;
  signedIn: boolean;
  /** Bytes of answers that were taken when that last changed, and for how many looks it has not. */
  taken: number;
  stuck: number;
};

type Parts = { readonly clock: Clock; readonly abuse: AbuseLog; readonly limits: ConnectionLimits };

/** Looks after a server's connections, over TLS from before the handshake on: who gets in, who has to go, who takes too long. */
export function watchConnections(server: Server, parts: Parts): Connections {
  const { clock, abuse, limits } = parts;
  const room = createConnectionRoom<Held>(limits, () => performance.now());
  const streams = new WeakMap<Socket, Held>();
  const held = new Set<Held>();
  const heldBehind = (socket: Socket) => streams.get(socket) ?? streams.get(underneath(socket));
  const settle = (one: Held) => room.turn(one, stageOf(one));
  gate(server, (raw) => {
    const one = heldOf(raw);
    const { admitted, evicted } = room.admit(one, one.from);
    if (evicted !== null) cut(abuse, 'connections closed to make room', evicted);
    if (!admitted) {
      cut(abuse, 'connections refused', one);
      return false;
    }
    streams.set(raw, one);
    held.add(one);
    raw.once('close', () => {
      room.leave(one);
      held.delete(one);
    });
    return true;
  });
  server.on('secureConnection', (stream: Socket) => {
    const one = heldBehind(stream);
    if (one !== undefined) one.stream = stream;
  });
  server.prependListener('request', ({ socket }, answer) => {
    const one = heldBehind(socket);
    if (one !== undefined) follow(one, answer, settle);
    if (one !== undefined && one.open > limits.pipelined)
      cut(abuse, 'connections with too many requests at once closed', one);
  });
  server.maxConnections = limits.connections + ownRoom;
  server.on('drop', (data) => abuse.tell('connections refused', addressGroup(data?.remoteAddress)));
  const looking = clock.every(limits.checkMs, () => {
    for (const one of held) if (look(one) * limits.checkMs >= limits.unreadMs) cut(abuse, nobodyReads, one);
  });
  return {
    peer: (socket) => heldBehind(socket) ?? null,
    signedIn: (socket) => {
      const one = heldBehind(socket);
      if (one === undefined) return;
      one.signedIn = true;
      settle(one);
    },
    close: () => looking.cancel(),
  };
}

/** Asks about each connection before the server hears of it: one that is refused costs no handshake and no parser. */
function gate(server: Server, admit: (raw: Socket) => boolean): void {
  const behind = server.listeners('connection') as ((this: Server, raw: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (raw: Socket) => {
    if (admit(raw)) for (const listener of behind) listener.call(server, raw);
  });
}

const nobodyReads = 'answers that nobody takes cut off';

function cut(abuse: AbuseLog, message: string, { from, raw }: Held): void {
  abuse.tell(message, from);
  raw.destroy();
}

/** From a request to the end of its answer. */
function follow(one: Held, answer: ServerResponse, settle: (one: Held) => void): void {
  if (one.open === 0) one.signedIn = false;
  one.open += 1;
  settle(one);
  answer.once('close', () => {
    one.open -= 1;
    settle(one);
  });
}

function heldOf(raw: Socket): Held {
  const from = addressGroup(raw.remoteAddress) ?? 'unknown';
  const { localAddress } = raw;
  return { from, localAddress, raw, stream: raw, open: 0, signedIn: false, taken: 0, stuck: 0 };
}

function stageOf({ open, signedIn }: Held) {
  if (open > 0) return signedIn ? 'serving' : 'asking';
  return signedIn ? 'resting' : 'waiting';
}

/** For how many looks in a row an answer has waited and nothing of it was taken. */
function look(one: Held): number {
  const { bytesWritten, writableLength } = one.stream;
  const taken = bytesWritten - writableLength;
  one.stuck = writableLength > 0 && taken === one.taken ? one.stuck + 1 : 0;
  one.taken = taken;
  return one.stuck;
}

/** The connection that a TLS socket speaks on: Node.js tells it in no other way once the other side has gone. */
function underneath(socket: Socket): Socket {
  return (socket as Socket & { readonly _parent?: Socket | null })._parent ?? socket;
}
