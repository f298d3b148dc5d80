import type { Db } from './connection.ts';
import type { KeyTable, NewKey } from './store.ts';
import type { ApiKey } from './types.ts';

type KeyRow = Omit<ApiKey, 'scopes' | 'readers'> & { readonly scopes: string; readonly readers: string };

const selected =
  'id, name, kind, scopes, readers, created_at AS createdAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt';

/** What is looked up of keys, and what is written of them, by itself: see `KeyTable`. */
export type KeyRows = Pick<KeyTable, 'list' | 'live' | 'byHash'> & {
  create(key: NewKey): void;
  used(id: string, at: number): void;
  revoke(id: string, at: number): boolean;
};

/** API keys; of the secret only its hash is here. */
export function createKeyTable(db: Db): KeyRows {
  const insert = db.prepare(
    'INSERT INTO api_keys (id, name, kind, scopes, readers, secret_hash, created_at) VALUES (@id, @name, @kind, @scopes, @readers, @secretHash, @at)',
  );
  const list = db.prepare<[], KeyRow>(`SELECT ${selected} FROM api_keys ORDER BY created_at, id`);
  const byHash = db.prepare<[string], KeyRow>(`SELECT ${selected} FROM api_keys WHERE secret_hash = ?`);
  const live = db.prepare<[string], KeyRow>(`SELECT ${selected} FROM api_keys WHERE id = ? AND revoked_at IS NULL`);
  const used = db.prepare('UPDATE api_keys SET last_used_at = max(coalesce(last_used_at, 0), @at) WHERE id = @id');
  const revoke = db.prepare('UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL');
  return {
    create: (key) =>
      void insert.run({ ...key, scopes: JSON.stringify(key.scopes), readers: JSON.stringify(key.readers) }),
    list: () => list.all().map(fromRow),
    live: (id) => orNull(live.get(id)),
    byHash: (secretHash) => orNull(byHash.get(secretHash)),
    used: (id, at) => void used.run({ id, at }),
    revoke: (id, at) => revoke.run({ id, at }).changes > 0,
  };
}

function orNull(row: KeyRow | undefined): ApiKey | null {
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: KeyRow): ApiKey {
  return { ...row, scopes: JSON.parse(row.scopes) as string[], readers: JSON.parse(row.readers) as string[] };
}
