import { createConnection, type Socket } from 'node:net';
import type { LinkDeps } from './deps.ts';
import type { ByteLink, ByteLinkEvents } from './link.ts';
import { errnoOf, linkError } from './link-errors.ts';
import type { TcpOptions } from './options.ts';
import { type Channel, type ChannelEvents, superviseLink } from './supervised-link.ts';

const defaults = { connectTimeoutMs: 5000, keepAliveMs: 10_000 };

/**
 * A TCP byte link: readers on Ethernet, serial readers behind ser2net. Reopens with backoff; a peer that vanished without
 * a word is found by TCP keepalive, or by `idleMs` of silence where the protocol has a heartbeat.
 */
export function openTcp(options: TcpOptions, events: ByteLinkEvents, deps: LinkDeps): ByteLink {
  return superviseLink((reports, signal) => connectSocket(options, reports, signal, deps), events, deps);
}

function connectSocket(options: TcpOptions, reports: ChannelEvents, signal: AbortSignal, deps: LinkDeps) {
  const settings = { ...defaults, ...options };
  const where = `${settings.host}:${settings.port}`;
  return new Promise<Channel>((resolve, reject) => {
    const socket = createConnection({ host: settings.host, port: settings.port, noDelay: true });
    const limit = deps.clock.after(settings.connectTimeoutMs, () => fail('ETIMEDOUT', new Error('connect timed out')));
    const fail = (errno: string, cause: unknown) => {
      limit.cancel();
      socket.destroy();
      const error = linkError(errno, where, cause);
      reject(error);
      reports.lost(error.message);
    };
    const watch = watchSilence(settings.idleMs, deps, () => fail('ETIMEDOUT', new Error('silent for too long')));
    signal.addEventListener('abort', () => fail('ECONNRESET', new Error('given up')), { once: true });
    socket.on('error', (error) => fail(errnoOf(error), error));
    socket.on('close', () => {
      watch.stop();
      fail('ECONNRESET', new Error('closed by the peer'));
    });
    socket.on('data', (bytes) => {
      watch.heard();
      reports.chunk(bytes);
    });
    socket.once('connect', () => {
      limit.cancel();
      socket.setKeepAlive(true, settings.keepAliveMs);
      watch.heard();
      resolve({ write: (bytes) => writeTo(socket, bytes, where), close: () => closed(socket) });
    });
  });
}

function writeTo(socket: Socket, bytes: Uint8Array, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(linkError('EPIPE', where, error)) : resolve()));
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.once('close', () => resolve());
    socket.destroy();
  });
}

/** Calls `silent` once after `idleMs` without `heard`; does nothing where `idleMs` is not given. */
function watchSilence(idleMs: number | undefined, deps: LinkDeps, silent: () => void) {
  if (idleMs === undefined) return { heard: () => undefined, stop: () => undefined };
  let timer = deps.clock.after(idleMs, silent);
  return {
    heard: () => {
      timer.cancel();
      timer = deps.clock.after(idleMs, silent);
    },
    stop: () => timer.cancel(),
  };
}
