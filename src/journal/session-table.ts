import type { Db } from './connection.ts';
import type { SessionTable } from './store.ts';
import type { StoredSession } from './types.ts';

type SessionRow = Omit<StoredSession, 'scopes'> & { readonly scopes: string };

/** What is looked up of sessions, and what is written of them, by itself: see `SessionTable`. */
export type SessionRows = Pick<SessionTable, 'all'> & {
  put(session: StoredSession): void;
  remove(tokenHash: string): void;
  sweep(now: number): number;
};

/** Staff sessions: a row is written when one opens and removed when it ends, never in between. */
export function createSessionTable(db: Db): SessionRows {
  const put = db.prepare(
    `INSERT OR REPLACE INTO sessions (token_hash, name, scopes, key_hash, expires_at)
     VALUES (@tokenHash, @name, @scopes, @keyHash, @expiresAt)`,
  );
  const remove = db.prepare('DELETE FROM sessions WHERE token_hash = ?');
  const sweep = db.prepare(
    `DELETE FROM sessions WHERE expires_at <= ?
     OR key_hash IN (SELECT secret_hash FROM api_keys WHERE revoked_at IS NOT NULL)`,
  );
  const all = db.prepare<[], SessionRow>(
    `SELECT token_hash AS tokenHash, name, scopes, key_hash AS keyHash, expires_at AS expiresAt
     FROM sessions ORDER BY expires_at, token_hash`,
  );
  return {
    put: (session) => void put.run({ ...session, scopes: JSON.stringify(session.scopes) }),
    remove: (tokenHash) => void remove.run(tokenHash),
    sweep: (now) => sweep.run(now).changes,
    all: () => all.all().map((row) => ({ ...row, scopes: JSON.parse(row.scopes) as string[] })),
  };
}
