/** What the HTTP server bears of slow and of many connections; times in ms. */
export type ConnectionLimits = {
  /** From the connection's first moment to the end of the request's headers. */
  readonly headersMs: number;
  /** To the end of the request's body. */
  readonly requestMs: number;
  /** How often connections are looked at for these two; also the most by which they are exceeded. */
  readonly checkMs: number;
  /** For the handshake, over TLS. */
  readonly handshakeMs: number;
  /** Connections at the same time; one more is closed at once. */
  readonly connections: number;
};

/** The limits in use: every staff phone keeps one live feed open, and a site has far fewer than these. */
export const connectionLimits: ConnectionLimits = {
  headersMs: 15_000,
  requestMs: 30_000,
  checkMs: 5_000,
  handshakeMs: 15_000,
  connections: 512,
};
