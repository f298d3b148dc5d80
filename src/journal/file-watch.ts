import { statSync } from 'node:fs';
import { GatewayError } from '../kit/index.ts';

/**
 * Remembers which file stands under the database's name now. The result throws STORE_UNAVAILABLE once that file was
 * removed or replaced: SQLite would go on writing into a file that nobody can open again, and acknowledge it.
 */
export function watchFile(file: string): () => void {
  const opened = statSync(file);
  return () => {
    const now = statSync(file, { throwIfNoEntry: false });
    if (now !== undefined && now.ino === opened.ino && now.dev === opened.dev) return;
    throw new GatewayError(
      'STORE_UNAVAILABLE',
      `The database file ${file} was ${now === undefined ? 'removed' : 'replaced'} while the gateway runs: stop it, put the file back or restore a backup, and start it again.`,
      { file },
    );
  };
}
