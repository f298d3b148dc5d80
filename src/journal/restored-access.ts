import Database from 'better-sqlite3';
import type { Db } from './connection.ts';

/**
 * Lets nobody in again by a backup: a session of staff that it holds may have been signed out since, and a key that the
 * `present` database file has revoked stays revoked. A present database that cannot be read has nothing to say.
 */
export function keepShutOut(restored: Db, present: string): void {
  const hasSessions = restored.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").get() !== undefined;
  if (hasSessions) restored.exec('DELETE FROM sessions');
  const revoke = restored.prepare(
    'UPDATE api_keys SET revoked_at = @revokedAt WHERE secret_hash = @secretHash AND revoked_at IS NULL',
  );
  for (const key of revokedIn(present)) revoke.run(key);
}

type Revoked = { readonly secretHash: string; readonly revokedAt: number };

function revokedIn(file: string): Revoked[] {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      return db
        .prepare<[], Revoked>(
          'SELECT secret_hash AS secretHash, revoked_at AS revokedAt FROM api_keys WHERE revoked_at IS NOT NULL',
        )
        .all();
    } finally {
      db.close();
    }
  } catch (error) {
    // Absent, or damaged: that is why it is replaced.
    if (error instanceof Database.SqliteError) return [];
    throw error;
  }
}
