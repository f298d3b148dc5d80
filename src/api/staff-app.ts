import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../kit/index.ts';

const year = 'public, max-age=31536000, immutable';

/**
 * The files of the staff app. What Vite puts under `assets/` has its hash in its name and never changes; the rest is
 * asked for anew. An address without a file, outside `/api`, is a view of the app: it gets `index.html`.
 */
export async function serveStaffApp(app: FastifyInstance, webRoot: string | null): Promise<void> {
  const notFound = (request: FastifyRequest): never => {
    throw new GatewayError('NOT_FOUND', `There is nothing at ${request.url.slice(0, 100)}.`);
  };
  if (webRoot === null) {
    app.setNotFoundHandler(notFound);
    return;
  }
  await app.register(fastifyStatic, { root: webRoot, serve: false, cacheControl: false });
  app.setNotFoundHandler((request, reply) => (isView(request) ? sendIndex(reply) : notFound(request)));
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { access: 'page' },
    schema: { hide: true },
    handler: (request, reply) => {
      const path = request.url.split('?')[0] ?? '/';
      if (path === '/' || path === '/index.html') return sendIndex(reply);
      if (isApi(path)) return notFound(request);
      const file = (request.params as { '*': string })['*'];
      return reply.header('cache-control', file.startsWith('assets/') ? year : 'no-cache').sendFile(file);
    },
  });
}

function isApi(path: string): boolean {
  return /^\/+api(?:\/|%|$)/i.test(path);
}

function isView(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '/';
  return request.method === 'GET' && !isApi(path) && !/\.[^/]*$/.test(path);
}

function sendIndex(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html');
}
