import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GatewayError, type Log, messageOf } from '../kit/index.ts';
import { createAuth } from './auth.ts';
import { readCertificate } from './certificate.ts';
import { type ConnectionLimits, connectionLimits } from './connection-limits.ts';
import type { ApiDeps } from './deps.ts';
import { createGuard } from './guard.ts';
import { createHostCheck } from './hosts.ts';
import { collectOpenApi, openApiRoutes } from './openapi.ts';
import { defaultHost } from './options.ts';
import { problemFor, sendProblem } from './problems.ts';
import { registerRoutes } from './register.ts';
import { routeTable } from './routes/index.ts';
import type { Sessions } from './sessions.ts';
import { serveStaffApp } from './staff-app.ts';
import { checkRequest } from './validator.ts';

/** A Digital Link with all its keys, percent-encoded. */
const maxParamLength = 2000;
const failuresPerMinute = 20;

/** The HTTP server with all routes, not yet listening. */
export async function buildApp(
  deps: ApiDeps,
  sessions: Sessions,
  limits: ConnectionLimits = connectionLimits,
): Promise<FastifyInstance> {
  const app = bareApp(deps, limits);
  const auth = createAuth({ ...deps, sessions, localKey: deps.localKey ?? null });
  const countFailure = await failureCounter(app);
  const guard = createGuard({
    auth,
    hostAllowed: createHostCheck(deps.http.host ?? defaultHost, deps.http.allowedHosts ?? []),
    countFailure,
  });
  refuseUndeclared(app);
  await secureHeaders(app, deps.http.tls !== undefined);
  await app.register(cookie);
  app.addHook('onRequest', guard.check);
  app.setErrorHandler(answerError(deps.log));
  await collectOpenApi(app, deps.version);
  const table = routeTable(deps, { auth, sessions, countFailure, stillAllowed: guard.stillAllowed });
  await registerRoutes(app, [...table, ...openApiRoutes(() => app.swagger())], guard);
  await serveStaffApp(app, deps.webRoot);
  return app;
}

function bareApp({ http, log }: ApiDeps, limits: ConnectionLimits): FastifyInstance {
  const options = {
    requestTimeout: limits.requestMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength },
    frameworkErrors: (error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, problemFor(error));
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
  app.server.maxConnections = limits.connections;
  app.removeContentTypeParser('text/plain');
  letJsonBeAbsent(app);
  app.setValidatorCompiler(checkRequest);
  app.server.on('clientError', (error) => log.debug({ error: messageOf(error) }, 'connection refused'));
  return app;
}

/** Many HTTP clients name JSON as the content type of every request, also of a DELETE or POST that has no body. */
function letJsonBeAbsent(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null);
    else parse(request, body, done);
  });
}

/** A route that names no scope is a mistake that must not reach a store. */
function refuseUndeclared(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if ((config as { access?: string } | undefined)?.access !== undefined) return;
    throw new Error(`route ${String(method)} ${url} declares no scope`);
  });
}

/** Counts failed sign-ins per address and turns 401 into 429 beyond the limit. A right key is never held up. */
async function failureCounter(app: FastifyInstance) {
  await app.register(rateLimit, { global: false });
  const limit = app.createRateLimit({ max: failuresPerMinute, timeWindow: 60_000 });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const state = await limit(request);
    if (state.isAllowed || !state.isExceeded) return;
    reply.header('retry-after', state.ttlInSeconds);
    throw new GatewayError('RATE_LIMITED', 'Too many failed sign-ins from this address.');
  };
}

async function secureHeaders(app: FastifyInstance, tls: boolean): Promise<void> {
  const self = ["'self'"];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': self,
        'style-src': self,
        'img-src': ["'self'", 'data:', 'blob:'],
        'connect-src': self,
        'media-src': ["'self'", 'blob:'],
        'worker-src': self,
        'manifest-src': self,
        'base-uri': ["'none'"],
        'form-action': self,
        'frame-ancestors': ["'none'"],
      },
    },
    // `no-referrer` would make browsers send `Origin: null` with forms.
    referrerPolicy: { policy: 'same-origin' },
    // Browsers heed these two only over TLS and complain otherwise.
    strictTransportSecurity: tls,
    crossOriginOpenerPolicy: tls,
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', 'camera=(self), geolocation=(), microphone=()');
    reply.header('cache-control', 'no-store');
  });
}

/** Every error leaves as a problem document; the text of a bug goes into the log and nowhere else. */
function answerError(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemFor(error);
    const route = request.routeOptions.url;
    if (problem.code === 'INTERNAL') {
      log.error(
        { route, error: messageOf(error), stack: error instanceof Error ? error.stack : null },
        'request failed',
      );
    } else if (problem.status >= 500)
      log.warn({ route, code: problem.code, error: messageOf(error) }, 'request refused');
    sendProblem(reply, problem);
  };
}
