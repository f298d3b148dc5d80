import type { RoomLimits } from './connection-room.ts';

/** What the HTTP server bears of slow and of many connections; times in ms. */
export type ConnectionLimits = RoomLimits & {
  /** From the connection's first moment to the end of the request's headers. */
  readonly headersMs: number;
  /** To the end of the request's body. */
  readonly requestMs: number;
  /** How often connections are looked at for these and for `unreadMs`; also the most by which they are exceeded. */
  readonly checkMs: number;
  /** For the handshake, over TLS. */
  readonly handshakeMs: number;
  /** For so long an answer may wait without any of it being taken. */
  readonly unreadMs: number;
  /** Requests that one connection may have sent without waiting for their answers. */
  readonly pipelined: number;
};

/**
 * The limits in use. Every staff phone keeps one live feed open and a browser asks on six connections at most; behind one
 * proxy or router the signed-in ones are not counted. A site has far fewer than these.
 */
export const connectionLimits: ConnectionLimits = {
  headersMs: 15_000,
  requestMs: 30_000,
  checkMs: 5_000,
  handshakeMs: 15_000,
  unreadMs: 60_000,
  connections: 512,
  strangersPerAddress: 64,
  graceMs: 1_000,
  pipelined: 8,
};
