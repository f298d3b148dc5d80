import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Auth } from './auth.ts';
import type { BrowserSessions } from './sessions.ts';

/** What routes need beyond the gateway itself: who comes in, and who may stay. */
export type Doors = {
  readonly auth: Auth;
  readonly sessions: BrowserSessions;
  /** Counts a failed sign-in of an address; throws RATE_LIMITED beyond the limit. */
  countFailure(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Whether the caller of a lasting answer would still be let in now. */
  stillAllowed(reply: FastifyReply): boolean;
};
