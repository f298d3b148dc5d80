import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../kit/index.ts';
import { problemOf, sendProblem } from '../problems.ts';
import type { Auth } from './auth.ts';
import { type Access, grants, isScope, nobody, type Principal, reaches } from './scopes.ts';
import { cookieNameOf } from './sessions.ts';

export type Guard = {
  /** Runs before anything of a request is looked at; refuses by throwing or answering. */
  check(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** Who was let in with this request. */
  caller(request: FastifyRequest): Principal;
  /** Whether the caller would still be let in now: for answers that last. */
  stillAllowed(reply: FastifyReply): boolean;
};

type GuardDeps = {
  readonly auth: Auth;
  readonly hostAllowed: (request: FastifyRequest) => boolean;
  readonly countFailure: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Hears of every request of somebody who has signed in. */
  readonly admitted: (request: FastifyRequest) => void;
};

/** Methods that change nothing. */
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Deny by default: a route without a declared scope, and every address under `/api` that is no route, needs a caller
 * who is signed in. An `Authorization` header wins over a cookie; writes by cookie must come from our own page.
 */
export function createGuard({ auth, hostAllowed, countFailure, admitted }: GuardDeps): Guard {
  const callers = new WeakMap<FastifyRequest, Principal>();
  const admit = async (request: FastifyRequest, reply: FastifyReply, access: Access): Promise<void> => {
    const caller = identify(auth, request);
    if (caller === null) {
      await countFailure(request, reply);
      reply.header('www-authenticate', 'Bearer realm="silentgate"');
      throw new GatewayError('UNAUTHENTICATED', 'Sign in, or send a valid API key.');
    }
    if (caller.via === 'session' && !reads.has(request.method)) mustBeOwnPage(request, true);
    if (!covers(caller, access)) throw new GatewayError('FORBIDDEN', `This needs the scope ${access}.`);
    mustReach(caller, request);
    callers.set(request, caller);
    admitted(request);
  };
  return {
    check: async (request, reply) => {
      if (!hostAllowed(request)) return sendProblem(reply, misdirected);
      const access = accessOf(request);
      if (access === 'credentials') mustBeOwnPage(request, false);
      else if (access !== 'anonymous' && access !== 'page') await admit(request, reply, access);
      return undefined;
    },
    caller: (request) => callers.get(request) ?? nobody,
    stillAllowed: ({ request }) => {
      const caller = identify(auth, request);
      return caller !== null && covers(caller, accessOf(request));
    },
  };
}

const misdirected = problemOf(
  'REQUEST_INVALID',
  'This name is not one of the gateway’s; add it to http.allowedHosts.',
  undefined,
  421,
);

function identify(auth: Auth, request: FastifyRequest): Principal | null {
  const { authorization } = request.headers;
  if (authorization !== undefined) return auth.byHeader(authorization, accessOf(request) === 'reads:write');
  const cookie = request.cookies[cookieNameOf(request)];
  return cookie === undefined ? null : auth.byCookie(cookie);
}

function covers(caller: Principal, access: Access): boolean {
  return access === 'any' || (isScope(access) && caller.scopes.some((scope) => grants(scope, access)));
}

/** A key that is bound to readers gets the same answer for any other id, whether there is such a reader or not. */
function mustReach(caller: Principal, request: FastifyRequest): void {
  const { ofReader } = request.routeOptions.config as { ofReader?: boolean };
  if (ofReader !== true) return;
  const { id } = request.params as { id?: string };
  if (!reaches(caller, id ?? '')) throw new GatewayError('FORBIDDEN', 'This key is bound to other readers.');
}

/** What a request needs: its route's declared access; nothing for the staff app's files; else to be signed in. */
function accessOf(request: FastifyRequest): Access {
  const declared = (request.routeOptions.config as { access?: Access }).access;
  if (declared !== undefined && declared !== 'page') return declared;
  return /^\/+api(?:[/?#%]|$)/i.test(request.url) ? 'any' : 'page';
}

/** Refuses what another site's page makes a browser send. Programs send neither header; for a cookie one is `required`. */
function mustBeOwnPage(request: FastifyRequest, required: boolean): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  // The scheme is not compared: a proxy in front may speak TLS for us.
  const ownOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  const ownSite = site === undefined || site === 'same-origin';
  const named = origin !== undefined || site !== undefined;
  if (ownOrigin && ownSite && (named || !required)) return;
  throw new GatewayError('FORBIDDEN', 'This request does not come from the gateway’s own page.');
}
