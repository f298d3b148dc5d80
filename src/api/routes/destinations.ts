import { GatewayError, Type } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';
import {
  closed,
  DestinationSchema,
  FaultSchema,
  Id,
  NoBody,
  Nothing,
  nullable,
  orNull,
  Paging,
  pageOf,
} from '../schemas.ts';

/** A delivery that was given up. Its body stays inside: it may speak of a person. */
const DeadLetterRow = Type.Object({
  seq: Type.Integer(),
  destination: Type.String(),
  eventId: Type.String(),
  type: Type.String(),
  lane: Type.String(),
  at: Type.Integer(),
  attempts: Type.Integer(),
  reason: Type.String(),
  fault: FaultSchema,
  status: nullable(Type.Integer()),
  diedAt: Type.Integer(),
});

const params = closed({ id: Id });

/** Where events go, what waits, what was refused. */
export function destinationRoutes(deps: ApiDeps): Route[] {
  const list = route({
    method: 'GET',
    url: '/destinations',
    scope: 'crm:read',
    summary: 'All destinations and how delivery goes',
    schema: { response: Type.Object({ rows: Type.Array(DestinationSchema) }) },
    handler: () => ({ rows: deps.destinations.status() }),
  });
  const deadLetters = route({
    method: 'GET',
    url: '/destinations/:id/dead-letters',
    scope: 'crm:read',
    summary: 'Events that the destination refused for good',
    schema: { params, querystring: closed(Paging), response: pageOf(DeadLetterRow) },
    handler: ({ params: { id }, query }) => {
      mustExist(deps, id);
      return deps.store.outbox.deadLetters(id, query.cursor ?? null, query.limit ?? 100);
    },
  });
  return [list, enableRoute(deps), resendRoute(deps), deadLetters];
}

function enableRoute(deps: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/destinations/:id/enable',
    scope: 'crm:admin',
    summary: 'Takes up delivery to a disabled or paused destination',
    status: 204,
    schema: { params, body: NoBody, response: Nothing },
    handler: async ({ params: { id } }, reply) => {
      mustExist(deps, id);
      await deps.destinations.enable(id);
      return reply.code(204).send();
    },
  });
}

function resendRoute(deps: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/destinations/:id/resend',
    scope: 'crm:admin',
    summary: 'Puts dead letters back into the queue, unchanged; null = all',
    schema: {
      params,
      body: closed({ seqs: orNull(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 1000 })) }),
      response: Type.Object({ resent: Type.Integer() }),
    },
    handler: async ({ params: { id }, body }) => {
      mustExist(deps, id);
      return { resent: await deps.destinations.resend(id, body.seqs) };
    },
  });
}

function mustExist({ destinations }: ApiDeps, id: string): void {
  if (destinations.status().some((status) => status.id === id)) return;
  throw new GatewayError('NOT_FOUND', `No destination ${id} is configured.`);
}
