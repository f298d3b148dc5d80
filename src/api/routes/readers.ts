import { IdParams, ReaderSchema, rowsOf } from '../../contract/index.ts';
import { GatewayError } from '../../kit/index.ts';
import { reaches } from '../access/scopes.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';
import { commandRoute } from './reader-commands.ts';

/** What is known of the readers. */
export function readerRoutes(deps: ApiDeps): Route[] {
  const { readers } = deps;
  const list = route({
    method: 'GET',
    url: '/readers',
    scope: 'readers:read',
    summary: 'All readers, their links and antennas',
    schema: { response: rowsOf(ReaderSchema) },
    note: 'A key that is bound to readers sees only those.',
    handler: (_request, _reply, caller) => ({ rows: readers.list().filter(({ id }) => reaches(caller, id)) }),
  });
  const one = route({
    method: 'GET',
    url: '/readers/:id',
    scope: 'readers:read',
    summary: 'One reader, with what it sent in vain and why',
    schema: { params: IdParams, response: ReaderSchema },
    handler: ({ params }) => {
      const status = readers.get(params.id);
      if (status === null) throw new GatewayError('NOT_FOUND', `No reader ${params.id} is configured.`);
      return status;
    },
  });
  return [list, one, commandRoute(deps)];
}
