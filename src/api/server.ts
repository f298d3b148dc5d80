import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { GatewayError, messageOf } from '../kit/index.ts';
import { reachableHost } from './access/hosts.ts';
import { keepSessions } from './access/kept-sessions.ts';
import { createSessions } from './access/sessions.ts';
import { buildApp } from './app.ts';
import { renewCertificate, type TlsFiles } from './certificate.ts';
import type { ApiDeps } from './deps.ts';
import { defaultHost, defaultPort } from './options.ts';
import { addressesOf, openSecond } from './second-address.ts';

/** Connections that may wait to be taken in, as far as the system lets them: a burst of one host must not cost others a second. */
const backlog = 4096;

/** How often sessions that have expired are let go, ms. */
const tendMs = 60_000;

/** The running HTTP side of the gateway. */
export type Api = {
  /** Where it can be reached: a real address even when it listens on all of them. */
  readonly url: string;
  /** A link that signs its first visitor in within 15 minutes; each call makes a new one. */
  signInLink(): string;
  /**
   * Shows the certificate of these files at every handshake from now on; open connections go on. Null when done; else why
   * the old one stays.
   */
  renewCertificate(files: TlsFiles): string | null;
  close(): Promise<void>;
};

/** Starts the HTTP API and the staff app. Throws PORT_TAKEN when another program listens there. */
export async function startApi(deps: ApiDeps): Promise<Api> {
  const kept = keepSessions(deps.store, deps.clock, deps.log);
  const sessions = createSessions(deps.clock, kept, await kept.load());
  const { host = defaultHost, port: wanted = defaultPort } = deps.http;
  const app = await buildApp(deps, sessions);
  const [first = host, ...more] = await addressesOf(host);
  await listen(app, first, wanted);
  const { port } = app.server.address() as AddressInfo;
  const doors = await Promise.all(more.map((address) => openSecond(app, address, port, deps.log)));
  const scheme = deps.http.tls === undefined ? 'http' : 'https';
  const url = `${scheme}://${reachableHost(host)}:${port}`;
  const tending = deps.clock.every(tendMs, () => void sessions.tend());
  return {
    url,
    // The code stands behind `#`: browsers send that part to nobody.
    signInLink: () => `${url}/#code=${sessions.newCode()}`,
    renewCertificate: (files) => renewCertificate(app, files),
    close: async () => {
      tending.cancel();
      for (const door of doors) door?.close();
      deps.live.close();
      await app.close();
    },
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port, backlog });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') {
      throw new GatewayError(
        'PORT_TAKEN',
        `Another program listens on ${host}:${port}. Choose another http.port.`,
        { host, port },
        error,
      );
    }
    const why = code === 'EACCES' ? 'ports below 1024 need permission' : messageOf(error);
    throw new GatewayError('CONFIG_INVALID', `Cannot listen on ${host}:${port}: ${why}.`, { host, port }, error);
  }
}
