import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  FastifySchemaCompiler,
  RouteGenericInterface,
} from 'fastify';
import { ProblemSchema } from '../contract/index.ts';
import type { TSchema } from '../kit/index.ts';
import type { Guard } from './access/guard.ts';
import { type Access, scopes } from './access/scopes.ts';
import { createBodies } from './body.ts';
import type { Route } from './route.ts';
import { checkRequest } from './validator.ts';

const prefix = '/api/v1';
const defaultBodyLimit = 64 * 1024;

/** Turns the rows of the route table into Fastify routes. A row that takes bytes lives in a scope that parses nothing else. */
export async function registerRoutes(app: FastifyInstance, routes: readonly Route[], guard: Guard): Promise<void> {
  const receive = createBodies(undefined, (request) => guard.caller(request).keyId);
  for (const row of routes) {
    const { consumes, streams } = row;
    if (consumes === undefined && streams === undefined) addRoute(app, row, guard);
    else {
      const scope: FastifyPluginAsync = async (raw) => {
        raw.removeAllContentTypeParsers();
        const limit = row.bodyLimit ?? defaultBodyLimit;
        const tooLarge = (request: FastifyRequest, size: number) => row.tooLarge?.(request, size);
        if (consumes !== undefined)
          raw.addContentTypeParser([...consumes], { bodyLimit: limit }, receive(limit, tooLarge));
        if (streams !== undefined)
          raw.addContentTypeParser([...streams], (_request, payload, done) => done(null, payload));
        addRoute(raw, row, guard);
      };
      await app.register(scope);
    }
  }
}

function addRoute(app: FastifyInstance, row: Route, guard: Guard): void {
  app.route<RouteGenericInterface, { access: Access; ofReader: boolean }>({
    method: row.method,
    url: prefix + row.url,
    // Whatever is below a reader's address is of that reader.
    config: { access: row.scope, ofReader: row.url.startsWith('/readers/:id') },
    bodyLimit: row.bodyLimit ?? defaultBodyLimit,
    schema: schemaOf(row),
    // Bytes, which no schema describes: what is in them is checked one by one.
    ...(bytesOf(row) === null ? {} : { validatorCompiler: validateButBody }),
    handler: (request: FastifyRequest, reply: FastifyReply) => row.handler(request, reply, guard.caller(request)),
  });
}

/** The content types of a body that is bytes; null where it is JSON or there is none. */
function bytesOf({ consumes, streams }: Route): readonly string[] | null {
  return consumes ?? streams ?? null;
}

/** Checks all parts of a request but its body. */
const validateButBody: FastifySchemaCompiler<FastifySchema> = (part) =>
  part.httpPart === 'body' ? () => true : checkRequest(part as Parameters<typeof checkRequest>[0]);

function schemaOf(row: Route): FastifySchema {
  const { response, ...parts } = row.schema;
  const bytes = bytesOf(row);
  const scoped = scopes.some((scope) => scope === row.scope);
  const described = {
    summary: row.summary,
    tags: [row.url.split('/')[1] ?? ''],
    description: [scoped ? `Needs the scope \`${row.scope}\`.` : '', row.note ?? ''].join(' ').trim(),
    security: row.scope === 'anonymous' || row.scope === 'credentials' ? [] : [{ key: [] }, { session: [] }],
    ...(bytes === null ? {} : { consumes: bytes }),
    ...(row.produces === undefined ? {} : { produces: [row.produces] }),
  };
  return { ...described, ...parts, response: answers(row.status ?? 200, response) };
}

function answers(status: number, response: TSchema): Record<string, unknown> {
  const problem = { description: 'Refused', content: { 'application/problem+json': { schema: ProblemSchema } } };
  return { [status]: { description: 'Done', ...response }, '4xx': problem };
}
