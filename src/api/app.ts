import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addressGroup, createAbuseLog } from '../kit/index.ts';
import { createAuth } from './access/auth.ts';
import { type ConnectionLimits, connectionLimits } from './access/connection-limits.ts';
import { type Connections, watchConnections } from './access/connections.ts';
import { createGuard, type Guard } from './access/guard.ts';
import { createHostCheck } from './access/hosts.ts';
import type { BrowserSessions } from './access/sessions.ts';
import { readCertificate } from './certificate.ts';
import type { ApiDeps } from './deps.ts';
import { failureCounter } from './failures.ts';
import { collectOpenApi, openApiRoutes } from './openapi.ts';
import { defaultHost } from './options.ts';
import { problemFor, sendProblem } from './problems.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { registerRoutes } from './register.ts';
import { routeTable } from './routes/index.ts';
import { secureHeaders } from './secure-headers.ts';
import { serveStaffApp } from './staff-app.ts';
import { checkRequest } from './validator.ts';

/** A Digital Link with all its keys, percent-encoded. */
const maxParamLength = 2000;

/** The HTTP server with all routes, not yet listening. */
export async function buildApp(
  deps: ApiDeps,
  sessions: BrowserSessions,
  limits: ConnectionLimits = connectionLimits,
): Promise<FastifyInstance> {
  const abuse = createAbuseLog(deps.clock, deps.log);
  const refusals = createRefusals(abuse, createAbuseLog(deps.clock, deps.log, 'error'));
  const app = bareApp(deps, limits, refusals);
  const connections = watchConnections(app.server, { clock: deps.clock, abuse, limits });
  const peerOf = ({ raw }: FastifyRequest) => connections.peer(raw.socket);
  app.server.on('clientError', (error, socket) =>
    refusals.notHttp(error, connections.peer(socket as Socket)?.from ?? null),
  );
  const auth = createAuth({ ...deps, sessions, localKey: deps.localKey ?? null });
  const countFailure = await failureCounter(app, (request) => peerOf(request)?.from ?? 'unknown');
  const hostAllowed = createHostCheck(deps.http.host ?? defaultHost, deps.http.allowedHosts ?? []);
  const guard = createGuard({
    auth,
    hostAllowed: (request) => {
      const peer = peerOf(request);
      const allowed = hostAllowed(request.headers.host, peer?.localAddress);
      if (!allowed) refusals.misdirected(request, peer?.from ?? null);
      return allowed;
    },
    countFailure,
    admitted: ({ raw }) => connections.signedIn(raw.socket),
  });
  app.addHook('onClose', async () => {
    connections.close();
    refusals.close();
  });
  refuseUndeclared(app);
  await secureHeaders(app, deps.http.tls !== undefined);
  await app.register(cookie);
  app.addHook('onRequest', guard.check);
  app.setErrorHandler(answerError(refusals, guard, connections));
  await collectOpenApi(app, deps.version);
  const table = routeTable(deps, { auth, sessions, countFailure, stillAllowed: guard.stillAllowed });
  await registerRoutes(app, [...table, ...openApiRoutes(() => app.swagger())], guard);
  await serveStaffApp(app, deps.webRoot);
  return app;
}

function bareApp({ http }: ApiDeps, limits: ConnectionLimits, refusals: Refusals): FastifyInstance {
  const options = {
    requestTimeout: limits.requestMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemFor(error);
      refusals.told({ problem, from: addressGroup(request.socket.remoteAddress), request, stranger: true }, error);
      sendProblem(reply, problem);
    },
  };
  const tls = http.tls === undefined ? undefined : readCertificate(http.tls);
  const server = { connectionsCheckingInterval: limits.checkMs };
  // Over TLS the server type differs; nothing here depends on it.
  const app =
    tls === undefined
      ? Fastify({ ...options, http: server })
      : (Fastify({
          ...options,
          https: { ...server, ...tls, handshakeTimeout: limits.handshakeMs },
        }) as unknown as FastifyInstance);
  app.server.headersTimeout = limits.headersMs;
  app.removeContentTypeParser('text/plain');
  letJsonBeAbsent(app);
  app.setValidatorCompiler(checkRequest);
  return app;
}

/** Many HTTP clients name JSON as the content type of every request, also of a DELETE or POST that has no body. */
function letJsonBeAbsent(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null);
    else void parse(request, body, done);
  });
}

/** A route that names no scope is a mistake that must not reach a store. */
function refuseUndeclared(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if ((config as { access?: string } | undefined)?.access !== undefined) return;
    throw new Error(`route ${String(method)} ${url} declares no scope`);
  });
}

/** Every error leaves as a problem document; the text of a bug goes into the log and nowhere else. */
function answerError(refusals: Refusals, guard: Guard, connections: Connections) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemFor(error);
    const stranger = guard.caller(request).via === 'nobody';
    const from = connections.peer(request.raw.socket)?.from ?? null;
    refusals.told({ problem, from, request, stranger }, error);
    sendProblem(reply, problem);
  };
}
