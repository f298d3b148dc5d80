import type { Socket } from 'node:net';
import { type BrokerLimits, overheads } from './broker-limits.ts';
import { LARGE } from './broker-memory.ts';
import type { Refuse } from './broker-overload.ts';

type Write = (...given: unknown[]) => boolean;
type Unread = { writes: number; largest: number; cost: number };

/**
 * Cuts a connection that leaves too much unread: the broker would keep it all. The largest message that it has still to read is
 * not counted, so that one of 16 MiB can be read at all. Where all connections together leave too much, the one that leaves most
 * is cut. The broker is never asked to wait for one of them: the others would wait with it.
 */
export function createUnread(limits: BrokerLimits, refuse: Refuse) {
  const slow = new Map<Socket, { readonly unread: Unread; readonly from: string }>();
  const sums = { cost: 0 };
  const settle = (socket: Socket, unread: Unread, cost: number) => {
    sums.cost += cost - unread.cost;
    unread.cost = cost;
    if (cost === 0) slow.delete(socket);
  };
  const cut = (socket: Socket, from: string) => {
    refuse('UNREAD', from);
    socket.destroy();
  };
  const cutMost = () => {
    const [most] = [...slow].sort(([, a], [, b]) => b.unread.cost - a.unread.cost);
    if (most === undefined) return;
    const [socket, { unread, from }] = most;
    settle(socket, unread, 0);
    cut(socket, from);
  };
  return {
    cost: () => sums.cost,
    limit: (socket: Socket, from: string): void => {
      const write = socket.write.bind(socket) as Write;
      const unread: Unread = { writes: 0, largest: 0, cost: 0 };
      const count = () =>
        settle(socket, unread, socket.destroyed ? 0 : socket.writableLength + unread.writes * overheads.write);
      const written = () => {
        unread.writes -= 1;
        if (unread.writes > 0) return;
        unread.largest = 0;
        settle(socket, unread, 0);
      };
      socket.once('close', () => settle(socket, unread, 0));
      const judge = () => {
        slow.set(socket, { unread, from });
        count();
        if (unread.cost > limits.unread + unread.largest) cut(socket, from);
        else if (sums.cost > limits.allUnread) cutMost();
      };
      socket.write = (...given: unknown[]): boolean => {
        if (socket.destroyed) return true;
        unread.largest = Math.max(unread.largest, largeSize(given[0]));
        unread.writes += 1;
        if (!write(...withCallback(given, written))) judge();
        return true;
      };
    },
  };
}

function largeSize(bytes: unknown): number {
  return bytes instanceof Uint8Array && bytes.length >= LARGE ? bytes.length : 0;
}

/** The arguments of `write` with one more thing to do when the bytes have gone. */
function withCallback(given: readonly unknown[], done: () => void): unknown[] {
  const last = given.at(-1);
  if (typeof last !== 'function') return [...given, done];
  return [
    ...given.slice(0, -1),
    (...results: unknown[]) => {
      done();
      last(...results);
    },
  ];
}
