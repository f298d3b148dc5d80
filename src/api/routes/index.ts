import type { Doors } from '../access/doors.ts';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { customerRoutes } from './customers.ts';
import { destinationRoutes } from './destinations.ts';
import { doctorRoutes } from './doctor.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { itemInputRoutes } from './item-inputs.ts';
import { itemRoutes } from './items.ts';
import { keyRoutes } from './keys.ts';
import { locationRoutes } from './locations.ts';
import { productRoutes } from './products.ts';
import { readerRoutes } from './readers.ts';
import { readsRoute } from './reads.ts';
import { sessionRoutes } from './session.ts';
import { stockRoutes } from './stock.ts';

/** The route table: a noun's routes are one row here. */
export function routeTable(deps: ApiDeps, doors: Doors): Route[] {
  return [
    ...healthRoutes(deps),
    ...sessionRoutes(deps, doors),
    ...locationRoutes(deps),
    ...stockRoutes(deps),
    ...itemRoutes(deps),
    ...itemInputRoutes(deps),
    ...readerRoutes(deps),
    readsRoute(deps),
    ...destinationRoutes(deps),
    ...eventRoutes(deps, doors.stillAllowed),
    ...productRoutes(deps),
    ...keyRoutes(deps),
    ...customerRoutes(deps),
    ...doctorRoutes(deps),
  ];
}
