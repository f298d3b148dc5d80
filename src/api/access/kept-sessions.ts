import { type Clock, GatewayError, type Log } from '../../kit/index.ts';
import type { Store } from '../../store/index.ts';
import { isScope } from './scopes.ts';
import { type BrowserSession, sessionMs } from './session.ts';

/** Where sessions are kept beyond the process. A disk that cannot be written stops nobody: what it lacks is written later. */
export type KeptSessions = {
  /** The sessions that still hold, by the hash of their token, oldest first. */
  load(): ReadonlyMap<string, BrowserSession>;
  put(tokenHash: string, session: BrowserSession): void;
  remove(tokenHash: string): void;
  /** Writes what could not be written before, and removes old rows where some are `due`. */
  tend(due: boolean): void;
};

/** For tests and tools: sessions in memory alone. */
export const nothingKept: KeptSessions = {
  load: () => new Map(),
  put: () => undefined,
  remove: () => undefined,
  tend: () => undefined,
};

/** Keeps sessions in the store. */
export function keepSessions({ sessions }: Pick<Store, 'sessions'>, clock: Clock, log: Log): KeptSessions {
  const owed = new Map<string, () => void>();
  const write = (tokenHash: string, work: () => void) => {
    if (tried(work, log)) owed.delete(tokenHash);
    else owed.set(tokenHash, work);
  };
  const tend = (due: boolean) => {
    for (const [tokenHash, work] of owed) {
      if (!tried(work, log)) return;
      owed.delete(tokenHash);
    }
    if (due) tried(() => sessions.sweep(clock.now()), log);
  };
  return {
    load: () => {
      tend(true);
      const found = new Map<string, BrowserSession>();
      // A clock that was set back must not make a session last longer than a shift.
      const latest = clock.now() + sessionMs;
      tried(() => {
        for (const { tokenHash, name, scopes, keyHash, expiresAt } of sessions.all()) {
          if (expiresAt > clock.now())
            found.set(tokenHash, {
              name,
              scopes: scopes.filter(isScope),
              keyHash,
              lasting: true,
              expiresAt: Math.min(expiresAt, latest),
            });
        }
      }, log);
      return found;
    },
    put: (tokenHash, { name, scopes, keyHash, expiresAt }) =>
      write(tokenHash, () => sessions.put({ tokenHash, name, scopes, keyHash, expiresAt })),
    remove: (tokenHash) => write(tokenHash, () => sessions.remove(tokenHash)),
    tend,
  };
}

/** Whether `work` could use the database. */
function tried(work: () => unknown, log: Log): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log.warn({ code: error.code }, 'sessions are kept in memory until the database can be written');
    return false;
  }
}
