import type { FastifyReply, FastifyRequest } from 'fastify';
import { Credentials, Nothing, SessionSchema, SignedInSchema, SignInCode } from '../../contract/index.ts';
import { GatewayError, textHash } from '../../kit/index.ts';
import type { Auth } from '../access/auth.ts';
import type { Doors } from '../access/doors.ts';
import { scopes } from '../access/scopes.ts';
import { type BrowserSession, sessionMs } from '../access/session.ts';
import { type BrowserSessions, cookieNameOf } from '../access/sessions.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

/** Signing in and out of the staff app. */
export function sessionRoutes(deps: ApiDeps, { auth, sessions, countFailure }: Doors): Route[] {
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure: deps.http.tls !== undefined } as const;
  const start = async (request: FastifyRequest, reply: FastifyReply, session: Omit<BrowserSession, 'expiresAt'>) => {
    reply.setCookie(cookieNameOf(request), await sessions.open(session), { ...cookie, maxAge: sessionMs / 1000 });
    return { name: session.name, scopes: session.scopes };
  };
  const signIn = route({
    method: 'POST',
    url: '/session',
    scope: 'credentials',
    summary: 'Signs in with a one-time code or an API key',
    schema: { body: Credentials, response: SignedInSchema },
    handler: async (request, reply) => {
      const session = 'code' in request.body ? byCode(sessions, request.body.code) : byKey(auth, request.body.key);
      if (session === null) {
        await countFailure(request, reply);
        throw new GatewayError('UNAUTHENTICATED', 'This code or key is not valid, or no longer.');
      }
      const before = request.cookies[cookieNameOf(request)];
      if (before !== undefined) await sessions.close(before);
      return start(request, reply, session);
    },
  });
  const signOut = route({
    method: 'DELETE',
    url: '/session',
    scope: 'any',
    summary: 'Signs out',
    status: 204,
    schema: { response: Nothing },
    handler: async (request, reply) => {
      const token = request.cookies[cookieNameOf(request)];
      if (token !== undefined) await sessions.close(token);
      return reply.clearCookie(cookieNameOf(request), cookie).code(204).send();
    },
  });
  return [signIn, showRoute(deps), signOut, codeRoute(sessions)];
}

function showRoute({ site }: ApiDeps): Route {
  return route({
    method: 'GET',
    url: '/session',
    scope: 'any',
    summary: 'Who is signed in, and where',
    schema: { response: SessionSchema },
    handler: (_request, _reply, { name, scopes: own }) => ({ name, scopes: own, site }),
  });
}

/** A new code for whoever may read the gateway’s own key on its machine; no other key, however great, makes more. */
function codeRoute(sessions: BrowserSessions): Route {
  return route({
    method: 'POST',
    url: '/session/codes',
    scope: 'any',
    summary: 'A code that signs one browser in, once, within 15 minutes',
    note: 'Only for commands on the gateway’s own machine, such as silentgate sign-in.',
    schema: { response: SignInCode },
    handler: (_request, _reply, { via }) => {
      if (via === 'local') return { code: sessions.newCode() };
      throw new GatewayError('FORBIDDEN', 'Only a command on the gateway’s own machine makes sign-in codes.');
    },
  });
}

/** A sign-in code is shown to whoever started the gateway, so it opens everything. */
function byCode(sessions: BrowserSessions, code: string): Omit<BrowserSession, 'expiresAt'> | null {
  return sessions.spendCode(code) ? { name: 'admin', scopes, keyHash: null, lasting: true } : null;
}

function byKey(auth: Auth, key: string): Omit<BrowserSession, 'expiresAt'> | null {
  const found = auth.byKey(key);
  if (found === null) return null;
  const lasting = found.via === 'key';
  return { name: found.name, scopes: found.scopes, keyHash: lasting ? textHash(key) : null, lasting };
}
