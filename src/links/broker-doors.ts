import type { Socket } from 'node:net';
import type { BrokerLimits } from './broker-limits.ts';
import type { Refuse } from './broker-refusals.ts';

/** The address that a limit counts: one of IPv4, also where IPv6 carries it, or a /64 of IPv6, which is one subscriber’s. */
export function addressOf({ remoteAddress = '' }: { readonly remoteAddress?: string | undefined }): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
  if (mapped !== undefined || !remoteAddress.includes(':')) return mapped ?? remoteAddress;
  const [left = '', right] = remoteAddress.split('%')[0]?.split('::') ?? [];
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? [] : Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}

/** Counts connections, and cuts those that say nothing. */
export function createDoors(limits: BrokerLimits, refuse: Refuse) {
  const open = new Map<Socket, { readonly address: string; silent: boolean }>();
  const countOf = (address: string) => [...open.values()].filter((each) => each.address === address).length;
  /** Where all places are taken, the oldest connection that has not signed in makes room. */
  const makeRoom = (): boolean => {
    if (open.size < limits.connections) return true;
    const silent = [...open].find(([, each]) => each.silent);
    if (silent === undefined) return false;
    refuse('CONNECTIONS', silent[1].address);
    open.delete(silent[0]);
    silent[0].destroy();
    return true;
  };
  return {
    count: () => open.size,
    sockets: () => open.keys(),
    /** False where there is no place for it: it has been closed then. */
    admit: (socket: Socket): boolean => {
      const address = addressOf(socket);
      if (countOf(address) >= limits.connectionsPerAddress || !makeRoom()) {
        refuse('CONNECTIONS', address);
        socket.destroy();
        return false;
      }
      open.set(socket, { address, silent: true });
      // A peer whose power went sends nothing for ever.
      socket.setKeepAlive(true, 60_000);
      const patience = setTimeout(() => {
        if (open.get(socket)?.silent !== true) return;
        refuse('NO_CONNECT', address);
        socket.destroy();
      }, limits.connectMs);
      socket.once('close', () => {
        clearTimeout(patience);
        open.delete(socket);
      });
      return true;
    },
    signedIn: (socket: object): void => {
      for (const [each, state] of open) if (each === socket) state.silent = false;
    },
  };
}
