import { closeSync, openSync, readSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { GatewayError } from '../kit/index.ts';
import { headerOf, withFile } from './database-header.ts';
import { companionsOf, createPrivate, databaseFile } from './files.ts';
import { invalid } from './sound.ts';

/** Copies a regular file of ours into the folder, open to its owner only; refuses what would be a trap before a byte is copied. */
export function copyIn(file: string, incoming: string, folder: string): void {
  const own = statSync(databaseFile(folder), { throwIfNoEntry: false });
  for (const path of [incoming, ...companionsOf(incoming)]) rmSync(path, { force: true });
  const copied = withFile(file, (handle, { ino, dev, size }) => {
    if (own !== undefined && own.ino === ino && own.dev === dev)
      throw invalid(file, 'it is the very database that it would replace');
    const header = headerOf(handle);
    if (header === 'none') throw invalid(file, 'it is no readable database');
    if (header === 'other') throw invalid(file, 'it was not written by Silentgate');
    refuseCompanions(file);
    refuseTooLarge(size, folder);
    createPrivate(incoming);
    copyBytes(handle, incoming);
    return true;
  });
  if (copied === null) throw invalid(file, 'there is no such file');
}

/** A backup is one file. A database with a log beside it was copied from under a program, and its newest commits are in the log. */
function refuseCompanions(file: string): void {
  const beside = companionsOf(file).find((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0);
  if (beside === undefined) return;
  throw invalid(
    file,
    `${beside} lies beside it, so it is no backup but a copy of a database in use; silentgate backup makes one`,
  );
}

function refuseTooLarge(size: number, folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (size <= bavail * bsize) return;
  const [needed, free] = [size, bavail * bsize].map((bytes) => Math.ceil(bytes / 1024 / 1024));
  throw new GatewayError('STORE_FULL', `The backup needs ${needed} MB, and ${free} MB are free in ${folder}.`, {
    folder,
  });
}

const blockBytes = 1024 * 1024;

function copyBytes(from: number, file: string): void {
  const to = openSync(file, 'r+');
  const block = Buffer.alloc(blockBytes);
  try {
    for (let at = 0, size = readSync(from, block, 0, blockBytes, at); size > 0; ) {
      writeFileSync(to, block.subarray(0, size));
      at += size;
      size = readSync(from, block, 0, blockBytes, at);
    }
  } finally {
    closeSync(to);
  }
}
