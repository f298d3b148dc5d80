import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Clock, textHash } from '../kit/index.ts';
import type { Scope } from './scopes.ts';

/** How long a staff session lives, ms: one shift. */
export const sessionMs = 12 * 3_600_000;
const codeMs = 15 * 60_000;
const maxSessions = 1000;
const maxCodes = 20;

/** `keyHash` is the hash of the key that opened the session, or null for a sign-in code: a revoked key ends its sessions. */
export type Session = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly keyHash: string | null;
  readonly expiresAt: number;
};

export type Sessions = {
  /** A new one-time sign-in code, good for 15 minutes. */
  newCode(): string;
  /** True once for a code that is known and fresh; the code is then spent. */
  spendCode(code: string): boolean;
  /** Opens a session and returns its token, which is not kept. */
  open(session: Omit<Session, 'expiresAt'>): string;
  find(token: string): Session | null;
  close(token: string): void;
};

/** Sessions and sign-in codes in memory, by SHA-256 of their token; both tables are bounded and the oldest go first. */
export function createSessions(clock: Clock): Sessions {
  const sessions = new Map<string, Session>();
  const codes = new Map<string, number>();
  return {
    newCode: () => {
      const code = randomBytes(16).toString('base64url');
      dropOldest(codes, maxCodes);
      codes.set(textHash(code), clock.now() + codeMs);
      return code;
    },
    spendCode: (code) => {
      const hash = textHash(code);
      const expiresAt = codes.get(hash);
      codes.delete(hash);
      return expiresAt !== undefined && clock.now() < expiresAt;
    },
    open: (session) => {
      const token = randomBytes(32).toString('base64url');
      dropOldest(sessions, maxSessions);
      sessions.set(textHash(token), { ...session, expiresAt: clock.now() + sessionMs });
      return token;
    },
    find: (token) => {
      const hash = textHash(token);
      const session = sessions.get(hash);
      if (session === undefined) return null;
      if (clock.now() < session.expiresAt) return session;
      sessions.delete(hash);
      return null;
    },
    close: (token) => void sessions.delete(textHash(token)),
  };
}

/**
 * Name of the session cookie. Browsers send cookies to every port of a host [RFC 6265 8.5], so the port that the gateway
 * listens on is part of the name: two gateways on one machine do not sign each other's users out.
 */
export function cookieNameOf({ server }: FastifyRequest): string {
  const address = server.server.address();
  return `silentgate_session_${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
}

function dropOldest(table: Map<string, unknown>, limit: number): void {
  for (const key of table.keys()) {
    if (table.size < limit) return;
    table.delete(key);
  }
}
