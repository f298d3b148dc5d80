import type { Socket } from 'node:net';
import { addressGroup, type Clock } from '../kit/index.ts';
import type { BrokerLimits } from './broker-limits.ts';
import type { Refuse } from './broker-overload.ts';

type Open = { readonly from: string; silent: boolean };

/** Counts connections by address, and cuts those that do not sign in. */
export function createDoors(limits: BrokerLimits, clock: Clock, refuse: Refuse) {
  const open = new Map<object, Open & { readonly socket: Socket }>();
  const countOf = (from: string) => [...open.values()].filter((each) => each.from === from).length;
  const cut = (socket: Socket, from: string): void => {
    refuse('CONNECTIONS', from);
    open.delete(socket);
    socket.destroy();
  };
  /** Where all places are taken, the oldest connection that has not signed in makes room. */
  const makeRoom = (): boolean => {
    if (open.size < limits.connections) return true;
    const silent = [...open.values()].find((each) => each.silent);
    if (silent !== undefined) cut(silent.socket, silent.from);
    return silent !== undefined;
  };
  return {
    has: (socket: object): boolean => open.has(socket),
    /** Whom a connection is counted for. */
    from: (socket: object): string => open.get(socket)?.from ?? 'unknown',
    cut: (socket: object): void => void open.get(socket)?.socket.destroy(),
    sockets: () => [...open.values()].map(({ socket }) => socket),
    /** False where there is no place for it: it is closed then. */
    admit: (socket: Socket): boolean => {
      const from = addressGroup(socket.remoteAddress) ?? 'unknown';
      if (countOf(from) >= limits.connectionsPerAddress || !makeRoom()) {
        cut(socket, from);
        return false;
      }
      open.set(socket, { from, silent: true, socket });
      const patience = clock.after(limits.connectMs, () => {
        if (open.get(socket)?.silent !== true) return;
        refuse('NO_CONNECT', from);
        socket.destroy();
      });
      socket.once('close', () => {
        patience.cancel();
        open.delete(socket);
      });
      return true;
    },
    signedIn: (socket: object): void => {
      const found = open.get(socket);
      if (found !== undefined) found.silent = false;
    },
  };
}
