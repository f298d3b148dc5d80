import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError, writeWhole } from '../kit/index.ts';
import type { Db } from './connection.ts';

/** Length of a token key. */
export const tokenKeyBytes = 32;

/** The file in the data folder that holds the key under which tokens of persons are hashed. */
export function tokenKeyFile(folder: string): string {
  return join(folder, 'token.key');
}

/**
 * The folder's token key, made at the first start (mode 0600). The database remembers a mark of it: throws STORE_UNSAFE
 * when the file is gone or another one, because then no stored token would be recognised any more and nobody would notice.
 */
export function tokenKey(folder: string, db: Db): Uint8Array {
  const file = tokenKeyFile(folder);
  const known = db.prepare<[], string>("SELECT value FROM meta WHERE name = 'token-key-mark'").pluck().get();
  if (known !== undefined && !existsSync(file)) throw wrongKey(file, 'is missing');
  if (!existsSync(file)) writeWhole(file, randomBytes(tokenKeyBytes));
  const key = readFileSync(file);
  if (key.length !== tokenKeyBytes) throw wrongKey(file, 'is damaged');
  const mark = keyMark(key);
  if (known === undefined) db.prepare("INSERT INTO meta (name, value) VALUES ('token-key-mark', ?)").run(mark);
  else if (known !== mark) throw wrongKey(file, 'belongs to another database');
  return key;
}

/** What a database remembers of its key; says nothing of the key itself. */
export function keyMark(key: Uint8Array): string {
  return createHmac('sha256', key).update('silentgate token key').digest('hex').slice(0, 16);
}

function wrongKey(file: string, what: string): GatewayError {
  const message = `The key file ${file} ${what}: put the right one back (it lies beside each backup as <backup>.key).`;
  return new GatewayError('STORE_UNSAFE', message, { file });
}
