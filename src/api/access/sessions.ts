import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Clock, textHash } from '../../kit/index.ts';
import { type KeptSessions, nothingKept } from './kept-sessions.ts';
import type { Principal } from './scopes.ts';
import { type BrowserSession, sessionMs } from './session.ts';

const codeMs = 15 * 60_000;
const maxSessions = 1000;
const maxCodes = 20;

export type BrowserSessions = {
  /** A new one-time sign-in code, good for 15 minutes. */
  newCode(): string;
  /** True once for a code that is known and fresh; the code is then spent. */
  spendCode(code: string): boolean;
  /** Opens a session and returns its token, which is not kept. */
  open(session: Omit<BrowserSession, 'expiresAt'>): Promise<string>;
  find(token: string): BrowserSession | null;
  close(token: string): Promise<void>;
  /** Lets go of what has expired. To be called now and then. */
  tend(): Promise<void>;
};

/**
 * Sessions, by SHA-256 of their token, also in `kept`; and sign-in codes, in memory alone. Both tables are bounded: the oldest
 * code goes first, and the oldest session of the key that has most. `before`: what `kept` has loaded.
 */
export function createSessions(
  clock: Clock,
  kept: KeptSessions = nothingKept,
  before: ReadonlyMap<string, BrowserSession> = new Map(),
): BrowserSessions {
  const sessions = new Map(before);
  const codes = new Map<string, number>();
  const end = async (hash: string) => {
    const session = sessions.get(hash);
    sessions.delete(hash);
    if (session?.lasting === true) await kept.remove(hash);
  };
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
    open: async (session) => {
      const token = randomBytes(32).toString('base64url');
      const ended = sessions.size >= maxSessions ? end(oldestOfMost(sessions)) : null;
      const opened = { ...session, expiresAt: clock.now() + sessionMs };
      sessions.set(textHash(token), opened);
      await Promise.all([ended, opened.lasting ? kept.put(textHash(token), opened) : null]);
      return token;
    },
    find: (token) => {
      const session = sessions.get(textHash(token));
      return session !== undefined && clock.now() < session.expiresAt ? session : null;
    },
    close: (token) => end(textHash(token)),
    tend: async () => {
      const expired = [...sessions].filter(([, { expiresAt }]) => clock.now() >= expiresAt);
      for (const [hash] of expired) sessions.delete(hash);
      await kept.tend(expired.length > 0);
    },
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

/** By whose right a request comes, for what each may have so many of: a session by its token’s hash, else the key, or the process’ own one. */
export function holderOf(request: FastifyRequest, { via, keyId }: Principal): string {
  const token = request.cookies[cookieNameOf(request)];
  return via === 'session' && token !== undefined ? `session ${textHash(token)}` : `${via} ${keyId ?? ''}`;
}

/** The oldest session of the key, or of the codes, that has most: so no key can end the others' sessions. */
function oldestOfMost(sessions: ReadonlyMap<string, BrowserSession>): string {
  const counts = new Map<string | null, number>();
  for (const { keyHash } of sessions.values()) counts.set(keyHash, (counts.get(keyHash) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...sessions].find(([, { keyHash }]) => counts.get(keyHash) === most)?.[0] ?? '';
}

function dropOldest(table: Map<string, unknown>, limit: number): void {
  for (const key of table.keys()) {
    if (table.size < limit) return;
    table.delete(key);
  }
}
