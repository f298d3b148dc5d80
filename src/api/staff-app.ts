import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../kit/index.ts';

const year = 'public, max-age=31536000, immutable';

/**
 * The files of the staff app, as they are at the start. What Vite puts under `assets/` has its hash in its name and never
 * changes; the rest is asked for anew. An address without a file that a browser opens as a page is a view of the app: it
 * gets `index.html`.
 */
export async function serveStaffApp(app: FastifyInstance, webRoot: string | null): Promise<void> {
  app.setNotFoundHandler(notFound);
  if (webRoot === null) return;
  const files = filesOf(webRoot);
  await app.register(fastifyStatic, { root: webRoot, serve: false, cacheControl: false });
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { access: 'page' },
    schema: { hide: true },
    handler: (request, reply) => {
      const file = (request.params as { '*': string })['*'];
      if (files.has(file)) return send(reply, file);
      return isView(request) ? send(reply, 'index.html') : notFound(request);
    },
  });
}

function filesOf(root: string): ReadonlySet<string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
  return new Set(files.map((file) => file.replaceAll('\\', '/')));
}

function send(reply: FastifyReply, file: string): FastifyReply {
  return reply.header('cache-control', file.startsWith('assets/') ? year : 'no-cache').sendFile(file);
}

function isView({ url, headers }: FastifyRequest): boolean {
  if (url === '/' || url.startsWith('/?')) return true;
  return !/^\/+(api|assets)(?:[/?%]|$)/i.test(url) && (headers.accept ?? '').includes('text/html');
}

function notFound(request: FastifyRequest): never {
  throw new GatewayError('NOT_FOUND', `There is nothing at ${request.url.slice(0, 100)}.`);
}
