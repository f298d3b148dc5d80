import { CustomerBody, CustomerSchema, ErasedAnswer, CustomerParams as params } from '../../contract/index.ts';
import { GatewayError } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { invalid } from '../problems.ts';
import { type Route, route } from '../route.ts';

/** Consent as the CRM tells it, and erasure. */
export function customerRoutes(deps: ApiDeps): Route[] {
  return [putRoute(deps), getRoute(deps), eraseRoute(deps)];
}

function putRoute({ store, tags }: ApiDeps): Route {
  return route({
    method: 'PUT',
    url: '/customers/:customer',
    scope: 'privacy:admin',
    summary: 'Sets a person’s tokens and consent',
    schema: { params, body: CustomerBody, response: CustomerSchema },
    handler: async ({ params: { customer }, body }) => {
      const tokens = body.tokens.map((token, index) => {
        const id = tags.tokenNamed(token);
        if (id !== null) return id;
        // What was found is not repeated: it may name a person.
        throw invalid([
          { pointer: `/tokens/${index}`, found: null, allowed: 'uid:HEX of a card, or an EPC in any form; no GTIN' },
        ]);
      });
      await store.customers.put({ customer, consent: body.consent }, tokens);
      return found(store, customer);
    },
  });
}

function getRoute({ store }: ApiDeps): Route {
  return route({
    method: 'GET',
    url: '/customers/:customer',
    scope: 'privacy:admin',
    summary: 'What is kept of a person',
    schema: { params, response: CustomerSchema },
    handler: ({ params: { customer } }) => found(store, customer),
  });
}

function eraseRoute({ store }: ApiDeps): Route {
  return route({
    method: 'DELETE',
    url: '/customers/:customer',
    scope: 'privacy:admin',
    summary: 'Erases a person: tokens, events, waiting deliveries',
    schema: { params, response: ErasedAnswer },
    handler: async ({ params: { customer } }) => ({ removed: (await store.customers.erase(customer)).rows }),
  });
}

function found(store: ApiDeps['store'], customer: string) {
  const row = store.customers.get(customer);
  if (row === null) throw new GatewayError('NOT_FOUND', 'Nothing is kept of this customer.');
  return row;
}
