import { createServer, type Socket } from 'node:net';
import { GatewayError, messageOf } from '../kit/index.ts';
import type { ByteSimulator } from './byte-simulator.ts';

/** A listening byte line; `close` hangs up on everybody. */
export type OfferedLine = { readonly address: string; close(): Promise<void> };

/** Lets one client at a time talk to the simulator; port 0 takes a free one. Rejects with PORT_TAKEN. */
export function listenTcp(
  simulator: ByteSimulator,
  host: string,
  port: number,
): Promise<OfferedLine & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    for (const other of sockets) other.destroy();
    sockets.add(socket);
    socket.setNoDelay(true);
    simulator.connect((bytes) => {
      if (!socket.destroyed) socket.write(bytes);
    });
    socket.on('data', (bytes) => simulator.receive(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) simulator.disconnect();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new GatewayError('PORT_TAKEN', `Cannot listen on ${host}:${port}: ${messageOf(error)}.`, { host, port }, error),
      );
    });
    server.listen(port, host, () => {
      const bound = server.address();
      const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
      const close = () =>
        new Promise<void>((done) => {
          for (const socket of sockets) socket.destroy();
          server.close(() => done());
        });
      resolve({ address: `${host}:${actual}`, port: actual, close });
    });
  });
}
