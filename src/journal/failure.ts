import { GatewayError, messageOf } from '../kit/index.ts';

const full = new Set(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT']);
const damaged = /^SQLITE_(CORRUPT|NOTADB)/;
const unavailable =
  /^(SQLITE_(BUSY|LOCKED|IOERR|READONLY|CANTOPEN|PERM|AUTH|PROTOCOL|NOLFS)|EACCES|EPERM|EROFS|EIO|ENOTDIR|EISDIR|EMFILE|ENFILE)/;

/**
 * What SQLite or the file system threw, in the gateway's words: STORE_FULL, STORE_DAMAGED, STORE_UNAVAILABLE, or the error itself when
 * it is neither (then it is a bug and may crash).
 */
export function storeFailure(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  // the only texts that the store parses are its own
  if (error instanceof SyntaxError)
    return new GatewayError('STORE_DAMAGED', 'A row of the database is damaged: restore the last backup.', {}, error);
  if (full.has(code))
    return new GatewayError(
      'STORE_FULL',
      'The disk that holds the database is full: free some space.',
      { code },
      error,
    );
  if (damaged.test(code))
    return new GatewayError(
      'STORE_DAMAGED',
      `The database is damaged (${messageOf(error)}): stop the gateway and restore the last backup.`,
      { code },
      error,
    );
  if (unavailable.test(code))
    return new GatewayError(
      'STORE_UNAVAILABLE',
      `The database cannot be used now: ${messageOf(error)}.`,
      { code },
      error,
    );
  return error;
}

/** Whether this was thrown for want of room on the disk. */
export function isFull(error: unknown): boolean {
  const failure = storeFailure(error);
  return failure instanceof GatewayError && failure.code === 'STORE_FULL';
}

/** Runs `work`; what it throws leaves as `storeFailure` names it. `failed` hears of it first. */
export function guarded<T>(work: () => T, failed?: (error: unknown) => void): T {
  try {
    return work();
  } catch (error) {
    const failure = storeFailure(error);
    failed?.(failure);
    throw failure;
  }
}

/** The same object with every function run by `guarded`; members that are no functions stay as they are. */
export function guardAll<T extends object>(table: T, failed: (error: unknown) => void): T {
  const wrapped = Object.entries(table).map(([name, member]) => [
    name,
    typeof member === 'function' ? (...given: unknown[]) => guarded(() => member(...given), failed) : member,
  ]);
  return Object.fromEntries(wrapped) as T;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}
