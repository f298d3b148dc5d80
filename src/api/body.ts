import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../kit/index.ts';

type Done = (error: Error | null, body?: Buffer) => void;
type Receive = (request: FastifyRequest, payload: NodeJS.ReadableStream, done: Done) => void;

/** Bytes of bodies that are on their way at the same time, over all connections. */
const mostAtOnce = 64 * 1024 * 1024;
const firstRoom = 4 * 1024;

/** A body on its way. */
type Coming = { readonly from: unknown; size(): number; end(error: Error | null): void };

/**
 * Receives bodies as bytes, at most `limit` of one and `most` of all that are on their way. A larger one is refused with its
 * size and the limit as soon as it is known to be (PAYLOAD_TOO_LARGE, and `tooLarge` is called). Where there is no room for
 * all of them, who sends the most (`whose` tells who sends one) is asked to send the newest of its own again (OVERLOADED).
 */
export function createBodies(most = mostAtOnce, whose: (request: FastifyRequest) => unknown = () => null) {
  const coming = new Set<Coming>();
  let held = 0;
  const begin = (from: unknown, payload: NodeJS.ReadableStream, done: Done) => {
    const bytes = createBytes();
    let isOver = false;
    const one: Coming = {
      from,
      size: bytes.size,
      end: (error) => {
        if (isOver) return;
        isOver = true;
        if (error !== null) letGoBy(payload);
        coming.delete(one);
        held -= bytes.size();
        done(error, error === null ? bytes.whole() : undefined);
      },
    };
    coming.add(one);
    return { ...one, add: bytes.add };
  };
  return (limit: number, tooLarge: (request: FastifyRequest, size: number) => void): Receive =>
    (request, payload, done) => {
      const body = begin(whose(request), payload, done);
      const refuse = (announced: number) => {
        tooLarge(request, announced);
        body.end(tooLargeError(announced, limit));
      };
      payload.on('data', (chunk: Buffer) => {
        held += chunk.length;
        body.add(chunk);
        if (body.size() > limit) refuse(body.size());
        else if (held > most) newestOfGreediest(coming)?.end(overloaded());
      });
      payload.on('end', () => body.end(null));
      payload.on('error', (error: Error) => body.end(error));
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > limit) refuse(announced);
    };
}

/** What is still to come: a sender that is cut off in the middle would not see the answer. */
function letGoBy(payload: NodeJS.ReadableStream): void {
  payload.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error');
  payload.on('error', () => undefined);
  payload.resume();
}

/** Bytes in one buffer that grows by doubling: a body in pieces of one byte costs no more than in one piece. */
function createBytes() {
  let buffer = Buffer.alloc(0);
  let size = 0;
  return {
    size: () => size,
    add: (chunk: Buffer) => {
      if (size + chunk.length > buffer.length) {
        const grown = Buffer.alloc(Math.max(firstRoom, 2 * buffer.length, size + chunk.length));
        buffer.copy(grown, 0, 0, size);
        buffer = grown;
      }
      chunk.copy(buffer, size);
      size += chunk.length;
    },
    whole: () => buffer.subarray(0, size),
  };
}

/** The newest body of whoever has the most on the way: so nobody can keep the others from theirs. */
function newestOfGreediest(coming: ReadonlySet<Coming>): Coming | undefined {
  const sums = new Map<unknown, number>();
  for (const { from, size } of coming) sums.set(from, (sums.get(from) ?? 0) + size());
  const [greediest] = [...sums].reduce((worst, next) => (next[1] > worst[1] ? next : worst), [null as unknown, 0]);
  return [...coming].findLast(({ from, size }) => from === greediest && size() > 0);
}

function overloaded(): GatewayError {
  return new GatewayError('OVERLOADED', 'Too many large bodies at once. Send this one again.');
}

function tooLargeError(size: number, limit: number): GatewayError {
  const errors = [{ pointer: '', found: `${size} bytes`, allowed: `at most ${limit} bytes` }];
  const detail = `The body has ${size} bytes or more; at most ${limit} are taken. Send smaller bodies.`;
  return new GatewayError('PAYLOAD_TOO_LARGE', detail, { errors });
}
