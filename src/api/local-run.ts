import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { storeFailure } from '../journal/index.ts';
import { type Clock, GatewayError, type Log, type Timer, writeWhole } from '../kit/index.ts';
import type { TlsFiles } from './certificate.ts';
import { defaultHost, type HttpOptions } from './options.ts';

/** What a running gateway leaves for commands of its own user on the same machine. */
export type LocalRun = {
  readonly pid: number;
  readonly url: string;
  readonly key: string;
  /** SHA-256 of the certificate that it shows, 64 hex digits; null over plain HTTP. */
  readonly certificate: string | null;
};

/** The file that tells commands on this machine how to reach the gateway. */
export type Announcement = {
  /** The API shows the certificate of these files now. A disk that cannot be written is tried again. */
  renew(tls: Pick<TlsFiles, 'cert'>): void;
  remove(): void;
};

/** Name of the file in the data folder. */
export const runFile = 'run.json';

const againMs = 5_000;

/**
 * Writes `run.json` into the data folder: address, key and certificate of this process, readable for its user only and
 * never half written. Where the disk has no room for it, it is written as soon as there is. Throws STORE_UNAVAILABLE, and
 * for a certificate that is none.
 */
export function announceRun(
  folder: string,
  http: HttpOptions,
  { url, key }: Pick<LocalRun, 'url' | 'key'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Announcement {
  let again: Timer | null = null;
  const file = join(folder, runFile);
  const pinOf = (tls: Pick<TlsFiles, 'cert'> | undefined) =>
    tls === undefined ? null : fingerprintOf(readFileSync(tls.cert));
  let certificate = pinOf(http.tls);
  const write = (isPassing: (failure: GatewayError) => boolean) => {
    const run: LocalRun = { pid: process.pid, url: localUrl(url, http.host ?? defaultHost), key, certificate };
    again?.cancel();
    try {
      writeWhole(file, JSON.stringify(run));
    } catch (error) {
      const failure = storeFailure(error);
      if (!(failure instanceof GatewayError && isPassing(failure))) throw failure;
      log.warn({ file, code: failure.code }, 'commands on this machine do not find the gateway yet; tried again');
      again = clock.after(againMs, rewrite);
    }
  };
  // The gateway runs by then: nothing that the disk does may end it.
  const rewrite = () => write(() => true);
  rmSync(file, { force: true });
  write(({ code }) => code === 'STORE_FULL');
  return {
    renew: (tls) => {
      certificate = pinOf(tls);
      rewrite();
    },
    remove: () => {
      again?.cancel();
      rmSync(file, { force: true });
    },
  };
}

/** SHA-256 over the first certificate of a PEM file, as 64 hex digits. Throws when there is none. */
export function fingerprintOf(pem: Buffer): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}

/** A gateway on all addresses is reached over loopback from here: its LAN address may change while it runs. */
function localUrl(url: string, host: string): string {
  const loopback = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host];
  if (loopback === undefined) return url;
  const local = new URL(url);
  local.hostname = loopback;
  return local.origin;
}
