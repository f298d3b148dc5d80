import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { GatewayError } from '../kit/index.ts';
import { headerOf, withFile } from './database-header.ts';
import { tokenKeyBytes } from './token-key.ts';

/** Files that only a data folder holds. */
const marks = ['gateway.lock', 'token.key', 'silentgate.db'];

/**
 * Throws CONFLICT where a backup must not be written: in a data folder, this one or another, over one of its files by a
 * second name, through a link, and over a file or key that is no backup of ours. Throws STORE_UNAVAILABLE when the folder is missing.
 */
export function refuseTarget(file: string, dataFolder: string): void {
  if (!existsSync(dirname(file)))
    throw new GatewayError('STORE_UNAVAILABLE', `The folder ${dirname(file)} for the backup does not exist.`, { file });
  const folder = realpathSync(dirname(file));
  if (
    isWithin(join(folder, basename(file)), realpathSync(dataFolder)) ||
    marks.some((name) => existsSync(join(folder, name)))
  )
    throw refused(file, 'it lies in a data folder');
  for (const path of [file, `${file}.key`]) refuseSecondName(path, dataFolder);
  refuseOther(file);
  withFile(`${file}.key`, (_, { size }) => {
    if (size !== tokenKeyBytes)
      throw refused(file, `the key goes to ${file}.key, and what is there is no key of a backup`);
  });
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../'));
}

function refuseSecondName(path: string, dataFolder: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isSymbolicLink()) throw refused(path, 'it is a symbolic link: name the file itself');
  const same = readdirSync(dataFolder).find((name) => {
    const other = statSync(join(dataFolder, name), { throwIfNoEntry: false });
    return other !== undefined && other.ino === found.ino && other.dev === found.dev;
  });
  if (same !== undefined) throw refused(path, `it is a second name of ${join(dataFolder, same)}`);
}

/** An empty file may be replaced: it may have been made to hold the place. */
function refuseOther(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  const isFree = withFile(file, (handle, { size }) => size === 0 || headerOf(handle) === 'ours');
  if (isFree === null) throw refused(file, 'something is there that is no file');
  if (!isFree) throw refused(file, 'a file is there that is no backup of Silentgate; remove it yourself if it may go');
}

function refused(file: string, why: string): GatewayError {
  return new GatewayError('CONFLICT', `No backup can be written to ${file}: ${why}. Give another name.`, { file });
}
