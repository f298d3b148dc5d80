import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { errnoOf } from '../kit/index.ts';
import { hostError } from './link-errors.ts';
import type { TcpOptions } from './options.ts';
import type { TlsMaterial } from './tls-files.ts';

/**
 * Listens at host:port until one device has dialled in, then no longer: while it is connected nobody else can. Whoever
 * comes from another address than `from` is hung up on. Rejects with PORT_TAKEN, or when `signal` aborts.
 */
export function acceptSocket(
  { host, port, from, tls }: TcpOptions,
  secure: TlsMaterial | null,
  signal: AbortSignal,
): Promise<Socket> {
  const where = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const server = secure === null ? createServer() : createTlsServer(withClientCheck(secure, tls?.verify !== false));
    const fail = (errno: string, cause: unknown) => {
      server.close();
      reject(hostError(errno, where, cause));
    };
    signal.addEventListener('abort', () => fail('ECONNRESET', new Error('given up')), { once: true });
    server.on('error', (error) => fail(errnoOf(error), error));
    takeFirst(server, secure === null ? 'connection' : 'secureConnection', from, resolve);
    server.listen({ host, port, exclusive: true });
  });
}

/** With an authority the device has to show a certificate, too. */
export function withClientCheck(secure: TlsMaterial, verify: boolean) {
  const check = secure.ca !== undefined && verify;
  return { ...secure, requestCert: check, rejectUnauthorized: check };
}

function takeFirst(server: Server, event: string, from: string | undefined, taken: (socket: Socket) => void): void {
  let done = false;
  server.on(event, (socket: Socket) => {
    socket.on('error', () => undefined);
    if (done || (from !== undefined && plainAddress(socket.remoteAddress) !== from)) return void socket.destroy();
    done = true;
    server.close();
    socket.setNoDelay(true);
    taken(socket);
  });
}

/** An IPv4 address as such, also where the socket speaks IPv6. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}
