import type { FastifyReply } from 'fastify';
import type { Auth } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import type { Sessions } from '../sessions.ts';
import { customerRoutes } from './customers.ts';
import { destinationRoutes } from './destinations.ts';
import { doctorRoutes } from './doctor.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { itemRoutes } from './items.ts';
import { keyRoutes } from './keys.ts';
import { locationRoutes } from './locations.ts';
import { productRoutes } from './products.ts';
import { readerRoutes } from './readers.ts';
import { sessionRoutes } from './session.ts';
import { stockRoutes } from './stock.ts';

/** What the routes need beyond the gateway itself. */
export type Doors = {
  readonly auth: Auth;
  readonly sessions: Sessions;
  readonly stillAllowed: (reply: FastifyReply) => boolean;
};

/** The route table: a noun's routes are one row here. */
export function routeTable(deps: ApiDeps, { auth, sessions, stillAllowed }: Doors): Route[] {
  return [
    ...healthRoutes(deps),
    ...sessionRoutes(deps, auth, sessions),
    ...locationRoutes(deps),
    ...stockRoutes(deps),
    ...itemRoutes(deps),
    ...readerRoutes(deps),
    ...destinationRoutes(deps),
    ...eventRoutes(deps, stillAllowed),
    ...productRoutes(deps),
    ...keyRoutes(deps),
    ...customerRoutes(deps),
    ...doctorRoutes(deps),
  ];
}
