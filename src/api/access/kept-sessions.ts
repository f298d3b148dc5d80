import type { Store } from '../../journal/index.ts';
import { type Clock, GatewayError, type Log } from '../../kit/index.ts';
import { isScope } from './scopes.ts';
import { type BrowserSession, sessionMs } from './session.ts';

/** Where sessions are kept beyond the process. A disk that cannot be written stops nobody: what it lacks is written later. */
export type KeptSessions = {
  /** The sessions that still hold, by the hash of their token, oldest first. */
  load(): Promise<ReadonlyMap<string, BrowserSession>>;
  /** Resolves when it is written, or owed. */
  put(tokenHash: string, session: BrowserSession): Promise<void>;
  remove(tokenHash: string): Promise<void>;
  /** Writes what could not be written before, and removes old rows where some are `due`. */
  tend(due: boolean): Promise<void>;
};

/** For tests and tools: sessions in memory alone. */
export const nothingKept: KeptSessions = {
  load: () => Promise.resolve(new Map()),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  tend: () => Promise.resolve(),
};

/** Keeps sessions in the store. */
export function keepSessions({ sessions }: Pick<Store, 'sessions'>, clock: Clock, log: Log): KeptSessions {
  const owed = new Map<string, () => Promise<void>>();
  // Writes take effect in the order of their calls, so the last one that failed is what is owed.
  const write = async (tokenHash: string, work: () => Promise<void>) => {
    if (await tried(work, log)) owed.delete(tokenHash);
    else owed.set(tokenHash, work);
  };
  const tend = async (due: boolean) => {
    for (const [tokenHash, work] of owed) {
      if (!(await tried(work, log))) return;
      if (owed.get(tokenHash) === work) owed.delete(tokenHash);
    }
    if (due) await tried(() => sessions.sweep(clock.now()), log);
  };
  return {
    load: async () => {
      await tend(true);
      const found = new Map<string, BrowserSession>();
      // A clock that was set back must not make a session last longer than a shift.
      const latest = clock.now() + sessionMs;
      await tried(async () => {
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
async function tried(work: () => Promise<unknown>, log: Log): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log.warn({ code: error.code }, 'sessions are kept in memory until the database can be written');
    return false;
  }
}
