import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../kit/index.ts';

type Done = (error: Error | null, body?: Buffer) => void;
type Receive = (request: FastifyRequest, payload: NodeJS.ReadableStream, done: Done) => void;

/** Bytes of bodies that are on their way at the same time, over all connections. */
const mostAtOnce = 64 * 1024 * 1024;

/**
 * Receives bodies as bytes, at most `limit` of one and `most` of all that are on their way. A larger one is refused with its
 * size and the limit as soon as it is known to be (PAYLOAD_TOO_LARGE, and `tooLarge` is called); one for which there is no
 * room now is asked to come again (OVERLOADED).
 */
export function createBodies(most = mostAtOnce) {
  let held = 0;
  return (limit: number, tooLarge: (request: FastifyRequest, size: number) => void): Receive =>
    (request, payload, done) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (error: Error | null, body?: Buffer) => {
        payload.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error');
        // What is still to come is let go by: a sender that is cut off in the middle would not see the answer.
        payload.resume();
        held -= size;
        done(error, body);
      };
      const refuse = (announced: number) => {
        tooLarge(request, announced);
        end(tooLargeError(announced, limit));
      };
      payload.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        held += chunk.length;
        if (size > limit) refuse(size);
        else if (held > most)
          end(new GatewayError('OVERLOADED', 'Too many large bodies at once. Send this one again.'));
      });
      payload.on('end', () => end(null, Buffer.concat(chunks)));
      payload.on('error', (error: Error) => end(error));
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > limit) refuse(announced);
    };
}

function tooLargeError(size: number, limit: number): GatewayError {
  const errors = [{ pointer: '', found: `${size} bytes`, allowed: `at most ${limit} bytes` }];
  const detail = `The body has ${size} bytes or more; at most ${limit} are taken. Send smaller bodies.`;
  return new GatewayError('PAYLOAD_TOO_LARGE', detail, { errors });
}
