import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Log, messageOf } from '../kit/index.ts';

/** The addresses to listen on: `localhost` is one of each family, and browsers may try either first. */
export async function addressesOf(host: string): Promise<string[]> {
  if (host !== 'localhost') return [host];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

/**
 * A second address of the same server: its connections come in by the server's own door and count with the others. Null
 * where this machine does not have it.
 */
export function openSecond(app: FastifyInstance, host: string, port: number, log: Log): Promise<Server | null> {
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (raw) => app.server.emit('connection', raw));
  return new Promise((resolve) => {
    door.once('error', (error) => {
      log.warn({ host, port, error: messageOf(error) }, 'second address of localhost not opened');
      resolve(null);
    });
    door.listen({ host, port }, () => resolve(door));
  });
}
