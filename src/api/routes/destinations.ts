import {
  DeadLetterSchema,
  DestinationSchema,
  NoBody,
  Nothing,
  PageQuery,
  pageOf,
  IdParams as params,
  ResendAnswer,
  ResendBody,
  rowsOf,
} from '../../contract/index.ts';
import { GatewayError } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

/** Where events go, what waits, what was refused. */
export function destinationRoutes(deps: ApiDeps): Route[] {
  const list = route({
    method: 'GET',
    url: '/destinations',
    scope: 'crm:read',
    summary: 'All destinations and how delivery goes',
    schema: { response: rowsOf(DestinationSchema) },
    handler: () => ({ rows: deps.destinations.status() }),
  });
  const deadLetters = route({
    method: 'GET',
    url: '/destinations/:id/dead-letters',
    scope: 'crm:read',
    summary: 'Events that the destination refused for good',
    schema: { params, querystring: PageQuery, response: pageOf(DeadLetterSchema) },
    handler: ({ params: { id }, query }) => {
      mustExist(deps, id);
      const page = deps.store.outbox.deadLetters(id, query.cursor ?? null, query.limit ?? 100);
      return { rows: page.rows.map(({ data: _stays, ...row }) => row), next: page.next };
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
    schema: { params, body: ResendBody, response: ResendAnswer },
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
