import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Where udev names serial devices by what they are instead of by the order in which they were plugged in. */
export const defaultByIdFolder = '/dev/serial/by-id';

/**
 * The name under which a serial device will be found again: for a device file such as `/dev/ttyUSB0` the link in
 * `byIdFolder` that leads to it, else `path` itself. A path that is a link is kept: somebody chose that name on purpose.
 */
export async function stablePath(path: string, byIdFolder: string): Promise<string> {
  const entry = await lstat(path).catch(() => null);
  if (entry === null || entry.isSymbolicLink()) return path;
  const device = await realpath(path).catch(() => path);
  const links = await byIdLinks(byIdFolder);
  return links.get(device) ?? path;
}

/** Device file → its by-id link, for every link of the folder that leads somewhere; empty where there is no such folder. */
export async function byIdLinks(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const found = new Map<string, string>();
  for (const name of names.sort()) {
    const link = join(folder, name);
    const device = await realpath(link).catch(() => null);
    if (device !== null && !found.has(device)) found.set(device, link);
  }
  return found;
}
