import type { FastifyReply } from 'fastify';
import { IdParams, PushedAnswer, PushedBytes } from '../../contract/index.ts';
import { GatewayError, LARGEST_PAYLOAD } from '../../kit/index.ts';
import type { PushDoor, Pushed } from '../../readers/index.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

/** When whoever found too many bodies waiting may come again. */
const retryAfterSeconds = 2;

/**
 * Takes what readers and apps push. The answer comes after the commit: whoever has it need not send again, whoever has
 * none (503, 507, no connection) may send the same body again without a second effect.
 */
export function readsRoute({ readers }: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/readers/:id/reads',
    scope: 'reads:write',
    summary: 'Takes the reads that a reader or an app pushes; answered when they are on disk',
    consumes: [
      'application/json',
      'application/x-ndjson',
      'text/csv',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
    ],
    bodyLimit: LARGEST_PAYLOAD,
    schema: { params: IdParams, body: PushedBytes, response: PushedAnswer },
    handler: async ({ params, body, headers }, reply) => {
      const door = readers.push(params.id);
      if (door === null) throw new GatewayError('NOT_FOUND', `No reader ${params.id} with an http link is configured.`);
      mustBeReadable(headers, door.accepts);
      const { readable, ...pushed } = await takeWhole(door, body ?? new Uint8Array(), reply);
      if (!readable) throw unreadable(pushed.rejected);
      return pushed;
    },
    tooLarge: ({ params }, size) => {
      const id = typeof params === 'object' && params !== null && 'id' in params ? String(params.id) : '';
      readers.push(id)?.refused(size, LARGEST_PAYLOAD);
    },
  });
}

async function takeWhole(door: PushDoor, body: Uint8Array, reply: FastifyReply): Promise<Pushed> {
  try {
    return await door.take(body);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'OVERLOADED') reply.header('retry-after', retryAfterSeconds);
    throw error;
  }
}

/** A body of which nothing could be read: what is wrong with it, and where. */
function unreadable(rejected: Pushed['rejected']): GatewayError {
  const errors = rejected.slice(0, 20).map(({ index, code, reason }) => ({
    pointer: `/${index}`,
    found: code,
    allowed: reason,
  }));
  const detail = `Nothing in the body can be read: ${rejected[0]?.reason ?? 'it is empty'}.`;
  return new GatewayError('REQUEST_INVALID', detail, { errors });
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

function mustBeReadable(headers: Headers, accepts: readonly string[]): void {
  const type = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if ((type !== '' && type !== undefined && !accepts.includes(type)) || encoding !== 'identity') {
    throw new GatewayError('UNSUPPORTED_MEDIA', `This reader is read as ${accepts.join(' or ')}, not compressed.`);
  }
}
