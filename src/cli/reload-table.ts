import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config.ts';
import type { ConfigFile } from '../config-schema.ts';

/** What takes a changed key over: `SIGHUP` while the gateway runs, or only a `restart`. */
export type TakenBy = 'SIGHUP' | 'restart';

type Row = {
  /** The key, and all that stands below it. */
  readonly key: string;
  readonly by: TakenBy;
  of(file: ConfigFile): unknown;
};

/** Every part of the configuration; a key that no row covers fails a test. */
export const reloadTable: readonly Row[] = [
  { key: 'site', by: 'restart', of: (file) => file.site },
  { key: 'data', by: 'restart', of: (file) => file.data },
  { key: 'profiles', by: 'SIGHUP', of: (file) => file.profiles },
  { key: 'log', by: 'SIGHUP', of: (file) => file.log },
  { key: 'http.host', by: 'restart', of: (file) => file.http?.host },
  { key: 'http.port', by: 'restart', of: (file) => file.http?.port },
  { key: 'http.allowedHosts', by: 'restart', of: (file) => file.http?.allowedHosts },
  { key: 'http.tls', by: 'SIGHUP', of: (file) => file.http?.tls },
  { key: 'mqtt', by: 'restart', of: (file) => file.mqtt },
  { key: 'tags', by: 'restart', of: (file) => file.tags },
  { key: 'inventory', by: 'restart', of: (file) => file.inventory },
  { key: 'retention', by: 'restart', of: (file) => file.retention },
  { key: 'presence', by: 'restart', of: (file) => file.presence },
  { key: 'locations', by: 'restart', of: (file) => file.locations },
  { key: 'readPoints', by: 'restart', of: (file) => file.readPoints },
  { key: 'readers', by: 'SIGHUP', of: (file) => file.readers },
  { key: 'crm', by: 'restart', of: (file) => file.crm },
];

/** The row that covers a dotted key such as `readers[].link.tcp.port`; undefined where none does. */
export function rowOf(key: string): Row | undefined {
  return reloadTable.find((row) => key === row.key || key.startsWith(`${row.key}.`) || key.startsWith(`${row.key}[`));
}

/** Keys in which two configurations differ, by what takes them over. */
export function differences(running: ConfigFile, next: ConfigFile): Record<TakenBy, string[]> {
  const found: Record<TakenBy, string[]> = { SIGHUP: [], restart: [] };
  for (const { key, by, of } of reloadTable) {
    if (isDeepStrictEqual(of(running), of(next))) continue;
    // A certificate can be renewed; from HTTP to HTTPS and back is another server.
    const isOtherServer = key === 'http.tls' && (of(running) === undefined || of(next) === undefined);
    found[isOtherServer ? 'restart' : by].push(key);
  }
  return found;
}

/** What runs after a reload: the parts that SIGHUP takes over from `next`, the rest as before. */
export function takenOver(running: Config, next: Config, readers: Config['readers'], tls: boolean): Config {
  const { log: _log, profiles: _profiles, ...rest } = running;
  const { log, profiles, profileTable } = next;
  const certificate = tls && next.http?.tls !== undefined ? { tls: next.http.tls } : {};
  return {
    ...rest,
    ...(log === undefined ? {} : { log }),
    ...(profiles === undefined ? {} : { profiles }),
    ...(running.http === undefined ? {} : { http: { ...running.http, ...certificate } }),
    profileTable,
    readers,
  };
}
