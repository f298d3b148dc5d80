import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { errnoOf, type Fault, faultOf, GatewayError } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { ByteLink, ByteLinkEvents } from './link.ts';
import { hostFault } from './link-errors.ts';
import type { TcpOptions } from './options.ts';
import { createReopening } from './reopening.ts';
import { plainAddress, withClientCheck } from './tcp-accept.ts';
import { readTls } from './tls-files.ts';

/**
 * A byte link for a device that dials in to say something and hangs up again. It is open while it listens at `host:port`;
 * `between` ends each of the device's calls. One call at a time: the newest, for an older one may be half open. Whoever
 * comes from another address than `from` is hung up on. Nothing can be written.
 */
export function openTcpInbox(options: TcpOptions, events: ByteLinkEvents, deps: LinkDeps): ByteLink {
  const calls = createCalls(options, events, deps);
  const reopening = createReopening(deps, () => void listen());
  let server: Server | null = null;

  const end = (one: Server, what: Fault, isVerdict: boolean) => {
    if (server !== one) return;
    const wasOpen = one.listening;
    server = null;
    one.close();
    calls.hangUp();
    reopening.failed(what, isVerdict);
    if (wasOpen) events.lost(what);
  };
  const lose = (one: Server, error: Error) =>
    end(one, hostFault(errnoOf(error), `${options.host}:${options.port}`, error), false);
  async function listen(): Promise<void> {
    const one = await makeServer(options).catch(faultOf);
    if (reopening.state().state === 'closed') return;
    if ('code' in one) return reopening.failed(one);
    server = one;
    one.on(options.tls === undefined ? 'connection' : 'secureConnection', calls.take);
    one.on('error', (error) => lose(one, error));
    one.listen({ host: options.host, port: options.port, exclusive: true }, () => {
      if (server !== one) return void one.close();
      reopening.opened();
      events.opened();
    });
  }
  return {
    open: () => reopening.start(),
    write: async () => {
      throw new GatewayError('LINK_LOST', 'A device that dials in to notify takes no commands.');
    },
    hold: calls.hold,
    giveUp: (reason) => {
      if (server?.listening === true) end(server, reason, true);
    },
    close: async () => {
      const one = server;
      reopening.stopped();
      server = null;
      calls.hangUp();
      if (one?.listening === true) await new Promise((closed) => one.close(closed));
    },
    state: () => reopening.state(),
  };
}

/** The call that is being taken. */
function createCalls(options: TcpOptions, events: ByteLinkEvents, { clock }: LinkDeps) {
  let call: Socket | null = null;
  let isHeld = false;
  const hangUp = () => {
    if (call === null) return;
    call.destroy();
    call = null;
    events.between?.();
  };
  return {
    hangUp,
    hold: (held: boolean) => {
      isHeld = held;
      if (held) call?.pause();
      else call?.resume();
    },
    take: (socket: Socket) => {
      socket.on('error', () => undefined);
      if (options.from !== undefined && plainAddress(socket.remoteAddress) !== options.from) {
        return void socket.destroy();
      }
      hangUp();
      call = socket;
      socket.setKeepAlive(true, options.keepAliveMs ?? keepAliveMs);
      if (options.idleMs !== undefined) socket.setTimeout(options.idleMs, () => isHeld || socket.destroy());
      socket.on('data', (bytes) => {
        if (call === socket) events.chunk(bytes, clock.now());
      });
      if (isHeld) socket.pause();
      socket.on('close', () => {
        if (call === socket) hangUp();
      });
    },
  };
}

const keepAliveMs = 10_000;

async function makeServer({ tls }: TcpOptions): Promise<Server> {
  if (tls === undefined) return createServer();
  return createTlsServer(withClientCheck(await readTls(tls), tls.verify !== false));
}
