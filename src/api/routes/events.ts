import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { EventHeaders, EventQuery, EventStream } from '../../contract/index.ts';
import { type ErrorCode, GatewayError } from '../../kit/index.ts';
import type { Principal } from '../access/scopes.ts';
import { holderOf } from '../access/sessions.ts';
import type { ApiDeps } from '../deps.ts';
import type { LiveClient, NoRoom } from '../live/clients.ts';
import { type Route, route } from '../route.ts';

const eventStream = 'text/event-stream; charset=utf-8';

/** The live feed over HTTP. `stillAllowed` asks again who is behind a request. */
export function eventRoutes({ live }: ApiDeps, stillAllowed: (reply: FastifyReply) => boolean): Route[] {
  return [
    route({
      method: 'GET',
      url: '/events',
      scope: 'events:read',
      summary: 'What happens, live, as server-sent events',
      produces: 'text/event-stream',
      schema: { querystring: EventQuery, headers: EventHeaders, response: EventStream },
      handler: (request, reply, caller) => {
        if (request.method === 'HEAD') return reply.type(eventStream).send();
        const client = streamClient(reply, caller, () => stillAllowed(reply));
        const last = request.headers['last-event-id'];
        const stop = live.subscribe(client, last === undefined ? null : Number(last));
        if (typeof stop === 'string') throw refusalOf(stop, reply);
        // Who left before we came to it closes no second time.
        if (reply.raw.destroyed) stop();
        else reply.raw.on('close', stop);
        return reply;
      },
    }),
  ];
}

/** Takes the connection over at the first word: until then the request can still be refused. */
function streamClient(reply: FastifyReply, caller: Principal, allowed: () => boolean): LiveClient {
  const { raw } = reply;
  const { keyId } = caller;
  const begin = () => {
    reply.hijack();
    const headers = {
      'content-type': eventStream,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers });
    // A client that vanishes is told by `close`; the error itself says no more.
    raw.on('error', () => raw.destroy());
  };
  return {
    send: (text) => {
      if (!raw.headersSent) begin();
      raw.write(text);
    },
    waiting: () => raw.writableLength,
    close: () => void (raw.writableLength > 0 ? raw.destroy() : raw.end()),
    allowed,
    seesCustomers: caller.scopes.includes('privacy:admin'),
    holder: holderOf(reply.request, caller),
    keyId,
  };
}

const reasons: Readonly<Record<NoRoom, readonly [ErrorCode, string]>> = {
  ALL: ['OVERLOADED', 'Too many live listeners; close one and try again.'],
  KEY: ['RATE_LIMITED', 'This key and its sessions have as many live feeds open as one key may. Close one first.'],
  SESSION: ['RATE_LIMITED', 'This session or key has as many live feeds open as it may by itself. Close one first.'],
};
const retryAfterSeconds = 15;

function refusalOf(reason: NoRoom, reply: FastifyReply): GatewayError {
  reply.header('retry-after', retryAfterSeconds);
  return new GatewayError(...reasons[reason]);
}
