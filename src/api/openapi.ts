import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { Type } from '../kit/index.ts';
import { scopes } from './access/scopes.ts';
import { type Route, route } from './route.ts';

/** Makes the app collect its routes for the OpenAPI document; must come before them. */
export async function collectOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Silentgate',
        version,
        description: `RFID gateway. Times are epoch milliseconds. Scopes: ${scopes.join(', ')}.`,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'API key' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'silentgate_session_8080',
            description: 'the number is the port that the gateway listens on',
          },
        },
      },
    },
  });
}

/** The document itself, generated from the routes' schemas. */
export function openApiRoutes(document: () => unknown): Route[] {
  return [
    route({
      method: 'GET',
      url: '/openapi.json',
      scope: 'any',
      summary: 'This description',
      schema: { response: Type.Unsafe<unknown>({ type: 'object', additionalProperties: true }) },
      handler: document,
    }),
  ];
}
