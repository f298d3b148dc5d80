import { IdParams, KeySchema, NewKeyAnswer, Nothing, newKeyBody, rowsOf } from '../../contract/index.ts';
import { GatewayError } from '../../kit/index.ts';
import { createKey } from '../access/keys.ts';
import { bondFault, type Scope, scopes } from '../access/scopes.ts';
import type { ApiDeps } from '../deps.ts';
import { invalid } from '../problems.ts';
import { type Route, route } from '../route.ts';

/** API keys: made, listed, revoked. The text of a key is shown once, when it is made. */
export function keyRoutes({ store, clock, readers }: ApiDeps): Route[] {
  const list = route({
    method: 'GET',
    url: '/keys',
    scope: 'keys:admin',
    summary: 'All keys, without their secrets',
    schema: { response: rowsOf(KeySchema) },
    handler: () => ({ rows: store.keys.list() }),
  });
  const create = route({
    method: 'POST',
    url: '/keys',
    scope: 'keys:admin',
    summary: 'Makes a key; its text is in this answer only',
    status: 201,
    schema: { body: newKeyBody(scopes), response: NewKeyAnswer },
    handler: ({ body }, reply, caller) => {
      const beyond = body.scopes.filter((scope) => !caller.scopes.includes(scope));
      if (beyond.length > 0) throw new GatewayError('FORBIDDEN', `You cannot give what you lack: ${beyond.join(' ')}.`);
      const bound = body.readers ?? [];
      mustBind(body.scopes, bound, readers);
      reply.code(201);
      return createKey(store, { name: body.name, scopes: body.scopes, readers: bound, now: clock.now() });
    },
  });
  const revoke = route({
    method: 'DELETE',
    url: '/keys/:id',
    scope: 'keys:admin',
    summary: 'Revokes a key and the sessions it opened',
    status: 204,
    schema: { params: IdParams, response: Nothing },
    handler: async ({ params }, reply) => {
      if (!(await store.keys.revoke(params.id, clock.now()))) {
        throw new GatewayError('NOT_FOUND', `There is no live key ${params.id}.`);
      }
      return reply.code(204).send();
    },
  });
  return [list, create, revoke];
}

function mustBind(wanted: readonly Scope[], bound: readonly string[], readers: ApiDeps['readers']): void {
  if (bound.length === 0) return;
  const fault = bondFault(wanted);
  if (fault !== null) throw new GatewayError('REQUEST_INVALID', fault);
  const unknown = bound.findIndex((id) => readers.get(id) === null);
  if (unknown < 0) return;
  const allowed = `one of ${readers
    .list()
    .map(({ id }) => id)
    .join(', ')}`;
  throw invalid([{ pointer: `/readers/${unknown}`, found: bound[unknown], allowed }]);
}
