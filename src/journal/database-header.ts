import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { applicationId } from './connection.ts';

const magic = 'SQLite format 3\0';
const headerBytes = 100;
const applicationIdAt = 68;

/**
 * Works on a regular file that is open for reading, and closes it; null when there is none under this name. A FIFO or a
 * device is not opened: that alone may wait, or change something.
 */
export function withFile<T>(file: string, work: (handle: number, found: Stats) => T): T | null {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(handle);
    return found.isFile() ? work(handle, found) : null;
  } finally {
    closeSync(handle);
  }
}

/** What the first bytes of a file say [SQLite database file format, 1.3]: a database of ours, another one, or none. */
export function headerOf(handle: number): 'ours' | 'other' | 'none' {
  const header = Buffer.alloc(headerBytes);
  const size = readSync(handle, header, 0, headerBytes, 0);
  if (size < headerBytes || header.toString('latin1', 0, magic.length) !== magic) return 'none';
  return header.readUInt32BE(applicationIdAt) === applicationId ? 'ours' : 'other';
}
