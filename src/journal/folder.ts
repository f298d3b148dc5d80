import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { GatewayError } from '../kit/index.ts';

/** Names that the gateway itself gives in its folder. */
const ours = /^(silentgate\.db|token\.key|gateway\.(lock|pid)|run\.json|baselines\.json|import$)/;

/**
 * Makes the data folder when it is absent, and closes it to all but its owner before anything is written: the folder 0700,
 * the gateway's own files 0600; any other file keeps its owner's rights only. The folder comes first, so that nobody can put
 * a link under a name meanwhile. Links are never followed. Throws STORE_UNSAFE for a folder or a file of another user, and
 * for a link where a folder or file of ours should be; STORE_UNAVAILABLE where something else stands under the folder's name.
 */
export function closeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) makeFolder(folder);
  tightenFolder(folder);
  for (const name of readdirSync(folder)) tighten(join(folder, name), ours.test(name));
  const scratch = join(folder, 'import');
  if (!existsSync(scratch)) return;
  for (const name of readdirSync(scratch)) tighten(join(scratch, name), true);
}

/**
 * Makes the folder and those above it. Not by `recursive`: Node.js 20 tries for ever where a file system takes no folders and
 * says ENOENT, such as /proc.
 */
function makeFolder(folder: string): void {
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    throw new GatewayError('STORE_UNAVAILABLE', `The data folder ${folder} cannot be made there.`, { folder }, error);
  }
}

function tightenFolder(folder: string): void {
  const found = lstatSync(folder);
  if (found.isSymbolicLink()) throw linked(folder);
  if (!found.isDirectory())
    throw new GatewayError('STORE_UNAVAILABLE', `The data folder ${folder} is no folder.`, { folder });
  refuseForeign(folder, found);
  narrow(folder, found, 0o700);
}

function tighten(path: string, isOurs: boolean): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  // A tool may look while the gateway takes a file away. What is not ours and no file is not ours to change.
  if (found === undefined || !(isOurs || (found.isFile() && isOwn(found)))) return;
  if (found.isSymbolicLink()) throw linked(path);
  refuseForeign(path, found);
  if (!found.isFile() && !found.isDirectory()) throw unsafe(path, 'is no file: remove it');
  narrow(path, found, isOurs && found.isFile() ? 0o600 : 0o700);
}

/** Takes away rights, gives none. A second name of a file may lie in anybody's folder, so such a file is not changed. */
function narrow(path: string, found: Stats, allowed: number): void {
  if ((found.mode & 0o7777 & ~allowed) === 0) return;
  if (found.isFile() && found.nlink > 1)
    throw unsafe(
      path,
      'is open to other users and has a second name elsewhere: copy it, and put the copy in its place',
    );
  chmodSync(path, found.mode & allowed);
}

function isOwn(found: Stats): boolean {
  const user = process.geteuid?.();
  return user === undefined || found.uid === user;
}

function refuseForeign(path: string, found: Stats): void {
  if (isOwn(found)) return;
  const who = `belongs to user ${found.uid}, and Silentgate runs as user ${process.geteuid?.()}`;
  throw unsafe(path, `${who}: run it as the owner, or give the whole data folder to the user it runs as (chown -R)`);
}

function linked(path: string): GatewayError {
  const target = existsSync(path) ? realpathSync(path) : null;
  const where = target === null ? 'to nothing' : `to ${target}`;
  return unsafe(path, `is a symbolic link ${where}, which is not followed: name the real folder under "data"`);
}

function unsafe(path: string, what: string): GatewayError {
  return new GatewayError('STORE_UNSAFE', `${path} ${what}.`, { path });
}
