import { readFile } from 'node:fs/promises';
import { errnoOf, failure, fault } from '../kit/index.ts';
import type { TlsOptions } from './options.ts';

/** The PEM files of a tcp link, read. */
export type TlsMaterial = { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };

/** Reads the PEM files that `tls` names. Rejects with LINK_DENIED naming the file that cannot be read. */
export async function readTls(tls: TlsOptions): Promise<TlsMaterial> {
  const read = async (key: 'ca' | 'cert' | 'key'): Promise<TlsMaterial> => {
    const path = tls[key];
    if (path === undefined) return {};
    try {
      return { [key]: await readFile(path) };
    } catch (error) {
      const what = fault('TLS_FILE_UNREADABLE', { setting: `tls.${key}`, path, errno: errnoOf(error) });
      throw failure(what, { path }, error);
    }
  };
  const files = await Promise.all([read('ca'), read('cert'), read('key')]);
  return Object.assign({}, ...files);
}
