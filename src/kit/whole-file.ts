import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file that is whole or absent, and open to its owner only (0600) from the first byte. It never writes through a
 * link that lies under one of the two names. Throws what the file system throws; then what was there is still there.
 */
export function writeWhole(file: string, content: Uint8Array | string): void {
  const partial = `${file}.partial`;
  try {
    rmSync(partial, { force: true });
    const handle = openSync(partial, 'wx', 0o600);
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
