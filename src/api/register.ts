import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, RouteGenericInterface } from 'fastify';
import type { TSchema } from '../kit/index.ts';
import { createBodies } from './body.ts';
import type { Guard } from './guard.ts';
import type { Route } from './route.ts';
import { ProblemSchema } from './schemas.ts';
import { type Access, scopes } from './scopes.ts';

const prefix = '/api/v1';
const defaultBodyLimit = 64 * 1024;

/** Turns the rows of the route table into Fastify routes. A row that takes bytes lives in a scope that parses nothing else. */
export async function registerRoutes(app: FastifyInstance, routes: readonly Route[], guard: Guard): Promise<void> {
  const receive = createBodies();
  for (const row of routes) {
    const { consumes } = row;
    if (consumes === undefined) addRoute(app, row, guard);
    else {
      await app.register(async (raw) => {
        raw.removeAllContentTypeParsers();
        const limit = row.bodyLimit ?? defaultBodyLimit;
        const tooLarge = (request: FastifyRequest, size: number) => row.tooLarge?.(request, size);
        raw.addContentTypeParser([...consumes], { bodyLimit: limit }, receive(limit, tooLarge));
        addRoute(raw, row, guard);
      });
    }
  }
}

function addRoute(app: FastifyInstance, row: Route, guard: Guard): void {
  app.route<RouteGenericInterface, { access: Access }>({
    method: row.method,
    url: prefix + row.url,
    config: { access: row.scope },
    bodyLimit: row.bodyLimit ?? defaultBodyLimit,
    schema: schemaOf(row),
    // Bytes, which no schema describes: what is in them is checked one by one.
    ...(row.consumes === undefined ? {} : { validatorCompiler: () => () => true }),
    handler: (request: FastifyRequest, reply: FastifyReply) => row.handler(request, reply, guard.caller(request)),
  });
}

function schemaOf(row: Route): FastifySchema {
  const { response, ...parts } = row.schema;
  const scoped = scopes.some((scope) => scope === row.scope);
  const described = {
    summary: row.summary,
    tags: [row.url.split('/')[1] ?? ''],
    description: [scoped ? `Needs the scope \`${row.scope}\`.` : '', row.note ?? ''].join(' ').trim(),
    security: row.scope === 'anonymous' || row.scope === 'credentials' ? [] : [{ key: [] }, { session: [] }],
    ...(row.consumes === undefined ? {} : { consumes: row.consumes }),
    ...(row.produces === undefined ? {} : { produces: [row.produces] }),
  };
  return { ...described, ...parts, response: answers(row.status ?? 200, response) };
}

function answers(status: number, response: TSchema): Record<string, unknown> {
  const problem = { description: 'Refused', content: { 'application/problem+json': { schema: ProblemSchema } } };
  return { [status]: { description: 'Done', ...response }, '4xx': problem };
}
