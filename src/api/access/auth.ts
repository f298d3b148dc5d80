import { timingSafeEqual } from 'node:crypto';
import type { ApiKey, Store } from '../../journal/index.ts';
import { type Clock, GatewayError, type Log, textHash } from '../../kit/index.ts';
import { keyIdOf } from './keys.ts';
import { isScope, type Principal, type Scope, scopes } from './scopes.ts';
import type { BrowserSessions } from './sessions.ts';

const usedEveryMs = 60_000;

export type Auth = {
  /** The caller behind an `Authorization` header, or null. `basic`: a key may also come as the password of Basic. */
  byHeader(header: string, basic: boolean): Principal | null;
  /** The caller behind an API key or the local key, or null. */
  byKey(key: string): Principal | null;
  /** The caller behind a session cookie, or null. */
  byCookie(token: string): Principal | null;
};

type AuthDeps = {
  readonly store: Pick<Store, 'keys'>;
  readonly sessions: BrowserSessions;
  /** In-memory key of this process for the CLI on the same machine, or null. */
  readonly localKey: string | null;
  readonly clock: Clock;
  readonly log: Log;
};

/** Finds out who calls. Every way to fail looks the same from outside: null. */
export function createAuth({ store, sessions, localKey, clock, log }: AuthDeps): Auth {
  const localHash = localKey === null ? null : textHash(localKey);
  const usedAt = new Map<string, number>();

  const noteUse = async (key: ApiKey): Promise<void> => {
    const now = clock.now();
    if (now - (usedAt.get(key.id) ?? key.lastUsedAt ?? 0) < usedEveryMs) return;
    usedAt.set(key.id, now);
    try {
      await store.keys.used(key.id, now);
    } catch (error) {
      // A full disk must not lock out the person who comes to see why.
      if (!(error instanceof GatewayError)) throw error;
      log.warn({ code: error.code, keyId: key.id }, 'key use not recorded');
    }
  };
  const byKey = (text: string): Principal | null => {
    if (localHash !== null && sameText(textHash(text), localHash)) return localPrincipal;
    const id = keyIdOf(text);
    if (id === null) return null;
    const key = store.keys.byHash(textHash(text));
    if (key === null || key.kind !== 'http' || key.revokedAt !== null || !sameText(key.id, id)) return null;
    void noteUse(key);
    const { name, readers } = key;
    return { name, scopes: knownScopes(key.scopes), readers, via: 'key', keyId: key.id };
  };
  return {
    byKey,
    byHeader: (header, basic) => {
      const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(header)?.[1] ?? (basic ? basicPassword(header) : undefined);
      return key === undefined ? null : byKey(key);
    },
    byCookie: (token) => {
      const session = sessions.find(token);
      if (session === null) return null;
      const key = session.keyHash === null ? null : store.keys.byHash(session.keyHash);
      if (session.keyHash !== null && (key === null || key.revokedAt !== null)) return null;
      const readers = key?.readers ?? [];
      return { name: session.name, scopes: session.scopes, readers, via: 'session', keyId: key?.id ?? null };
    },
  };
}

const localPrincipal: Principal = { name: 'local', scopes, readers: [], via: 'local', keyId: null };

/** The password of a Basic header (RFC 7617): what readers can send that know no other way. */
function basicPassword(header: string): string | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]{1,400}={0,2})$/i.exec(header)?.[1] ?? '';
  return /^[^:]*:([\x21-\x7e]{1,200})$/.exec(Buffer.from(encoded, 'base64').toString('latin1'))?.[1];
}

/** Scopes of a stored key that this version knows; others give nothing. */
function knownScopes(names: readonly string[]): Scope[] {
  return names.filter(isScope);
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
