import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../kit/index.ts';

const perMinute = 20;

/**
 * Counts failed sign-ins by `whose` and turns 401 into 429 beyond the limit. A right key is never held up. Who hangs up
 * without waiting for the answer is counted like the others.
 */
export async function failureCounter(app: FastifyInstance, whose: (request: FastifyRequest) => string) {
  await app.register(rateLimit, { global: false });
  const limit = app.createRateLimit({ max: perMinute, timeWindow: 60_000, keyGenerator: whose });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const state = await limit(request);
    if (state.isAllowed || !state.isExceeded) return;
    reply.header('retry-after', state.ttlInSeconds);
    throw new GatewayError('RATE_LIMITED', 'Too many failed sign-ins from this address.');
  };
}
