import { GatewayError, Type } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { invalid } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { At, closed, nullable, orNull, plainText, text } from '../schemas.ts';

const params = closed({
  customer: Type.String({
    pattern: '^[A-Za-z0-9._:-]{1,200}$',
    description: 'the CRM’s reference; never a name, an address or a number of the person',
  }),
});

const CustomerBody = closed({
  tokens: Type.Array(text(1500), {
    maxItems: 50,
    description: 'the person’s tags and cards: `uid:HEX`, or an EPC in any form; a GTIN is none',
  }),
  consent: closed({
    given: Type.Boolean(),
    textVersion: orNull(plainText(100)),
    at: At,
    source: orNull(plainText(100)),
  }),
});

const CustomerRow = Type.Object({
  customer: Type.String(),
  consent: Type.Object({
    given: Type.Boolean(),
    textVersion: nullable(Type.String()),
    at: Type.Integer(),
    source: nullable(Type.String()),
  }),
  tokens: Type.Integer({ description: 'how many tokens are known; their values are not kept' }),
});

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
    schema: { params, body: CustomerBody, response: CustomerRow },
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
    schema: { params, response: CustomerRow },
    handler: ({ params: { customer } }) => found(store, customer),
  });
}

function eraseRoute({ store }: ApiDeps): Route {
  return route({
    method: 'DELETE',
    url: '/customers/:customer',
    scope: 'privacy:admin',
    summary: 'Erases a person: tokens, events, waiting deliveries',
    schema: { params, response: Type.Object({ removed: Type.Integer() }) },
    handler: async ({ params: { customer } }) => ({
      removed: (await store.customers.erase(customer)).rows,
    }),
  });
}

function found(store: ApiDeps['store'], customer: string) {
  const row = store.customers.get(customer);
  if (row === null) throw new GatewayError('NOT_FOUND', 'Nothing is kept of this customer.');
  return row;
}
