import { LocationSchema, rowsOf } from '../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

/** The places of the configuration, each with its read points and the tags present there now. */
export function locationRoutes({ locations, readPoints, presence }: ApiDeps): Route[] {
  return [
    route({
      method: 'GET',
      url: '/locations',
      scope: 'stock:read',
      summary: 'Places, their read points, and the tags present at each',
      schema: { response: rowsOf(LocationSchema) },
      handler: () => {
        const present = presence.presentAt();
        const rows = locations.map((location) => ({
          ...location,
          readPoints: readPoints
            .filter((point) => point.location === location.id)
            .map(({ id, kind }) => ({ id, kind, present: present[id] ?? 0 })),
        }));
        return { rows };
      },
    }),
  ];
}
