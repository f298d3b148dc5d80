import { createConnection, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { errnoOf } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { ByteLink, ByteLinkEvents } from './link.ts';
import { hostError, hostFault } from './link-errors.ts';
import type { TcpOptions } from './options.ts';
import { type Channel, type ChannelEvents, superviseLink } from './supervised-link.ts';
import { acceptSocket } from './tcp-accept.ts';
import { readTls, type TlsMaterial } from './tls-files.ts';

const defaults = { connectTimeoutMs: 5000, keepAliveMs: 10_000 };

/**
 * A TCP byte link: readers on Ethernet, serial readers behind ser2net, readers that dial in. Reopens with backoff; a peer that vanished without
 * a word is found by TCP keepalive, or by `idleMs` of silence where the protocol has a heartbeat.
 */
export function openTcp(options: TcpOptions, events: ByteLinkEvents, deps: LinkDeps): ByteLink {
  return superviseLink((reports, signal) => connectSocket(options, reports, signal, deps), events, deps);
}

/** Connects once, for a look at what is there. Rejects as a link would say it; gives up when `signal` aborts. */
export function tapTcp(
  options: TcpOptions,
  reports: ChannelEvents,
  signal: AbortSignal,
  deps: LinkDeps,
): Promise<Channel> {
  return connectSocket(options, reports, signal, deps);
}

type Settings = TcpOptions & typeof defaults;

async function connectSocket(options: TcpOptions, reports: ChannelEvents, signal: AbortSignal, deps: LinkDeps) {
  const settings = { ...defaults, ...options };
  const secure = settings.tls === undefined ? null : await readTls(settings.tls);
  if (signal.aborted) throw hostError('ECONNRESET', whereOf(settings), new Error('given up'));
  if (settings.listen === true) return acceptSocket(settings, secure, signal).then((socket) => carry(socket));
  return new Promise<Channel>((resolve, reject) => {
    const socket = dial(settings, secure);
    const limit = deps.clock.after(settings.connectTimeoutMs, () => fail('ETIMEDOUT', new Error('connect timed out')));
    const fail = (errno: string, cause: unknown) => {
      limit.cancel();
      socket.destroy();
      reject(hostError(errno, whereOf(settings), cause));
    };
    signal.addEventListener('abort', () => fail('ECONNRESET', new Error('given up')), { once: true });
    socket.on('error', (error) => fail(errnoOf(error), error));
    socket.on('close', () => fail('ECONNRESET', new Error('closed by the peer')));
    socket.once(secure === null ? 'connect' : 'secureConnect', () => {
      limit.cancel();
      resolve(carry(socket));
    });
  });

  function carry(socket: Socket): Channel {
    return carrySocket(socket, settings, reports, signal, deps);
  }
}

const whereOf = ({ host, port }: TcpOptions) => `${host}:${port}`;

function dial({ host, port, tls }: Settings, secure: TlsMaterial | null): Socket {
  if (secure === null) return createConnection({ host, port, noDelay: true });
  const name = tls?.serverName ?? (isIP(host) === 0 ? host : undefined);
  const identity = name === undefined ? {} : { servername: name };
  const socket = connectTls({ host, port, ...secure, ...identity, rejectUnauthorized: tls?.verify !== false });
  return socket.setNoDelay(true);
}

/** An open socket as a channel. */
function carrySocket(
  socket: Socket,
  settings: Settings,
  reports: ChannelEvents,
  signal: AbortSignal,
  deps: LinkDeps,
): Channel {
  const where = whereOf(settings);
  const lose = (errno: string, cause: unknown) => {
    watch.stop();
    socket.destroy();
    reports.lost(hostFault(errno, where, cause));
  };
  const watch = watchSilence(settings.idleMs, deps, () => lose('ETIMEDOUT', new Error('silent for too long')));
  signal.addEventListener('abort', () => lose('ECONNRESET', new Error('given up')), { once: true });
  socket.on('error', (error) => lose(errnoOf(error), error));
  socket.on('close', () => lose('ECONNRESET', new Error('closed by the peer')));
  // Not before the link has said that it is open: a device may speak in the moment in which it is reached.
  setImmediate(() => {
    socket.on('data', (bytes) => {
      watch.heard();
      reports.chunk(bytes);
    });
  });
  socket.setKeepAlive(true, settings.keepAliveMs);
  const hold = (isHeld: boolean) => {
    // Who is not read is not silent.
    if (isHeld) watch.stop();
    else watch.heard();
    if (isHeld) socket.pause();
    else socket.resume();
  };
  return { write: (bytes) => writeTo(socket, bytes, where), hold, close: () => closed(socket) };
}

function writeTo(socket: Socket, bytes: Uint8Array, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(hostError('EPIPE', where, error)) : resolve()));
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
