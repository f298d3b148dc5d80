import {
  EpcParams,
  HistoryRowSchema,
  ItemDetailSchema,
  ItemSchema,
  itemQuery,
  PageQuery,
  pageOf,
} from '../../contract/index.ts';
import { type Item, lifecycles } from '../../inventory/index.ts';
import type { ItemQuery, Page } from '../../journal/index.ts';
import { GatewayError } from '../../kit/index.ts';
import type { LastSeen } from '../../presence/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { historyRow } from '../history-row.ts';
import { identify } from '../identify.ts';
import { createSubtree } from '../location-tree.ts';
import { type Route, route } from '../route.ts';
import { sightingOf } from '../sighting.ts';

/** One object: what it is, where, since when and its history. */
export function itemRoutes(deps: ApiDeps): Route[] {
  return [listRoute(deps), itemRoute(deps), historyRoute(deps)];
}

function listRoute({ store, locations }: ApiDeps): Route {
  const subtree = createSubtree(locations);
  return route({
    method: 'GET',
    url: '/items',
    scope: 'stock:read',
    summary: 'Items by product, place and lifecycle',
    schema: { querystring: itemQuery(lifecycles), response: pageOf(ItemSchema) },
    handler: async ({ query: { gtin, location, lifecycle, cursor, limit } }) => {
      const page = await wholePage(store, {
        gtin: gtin === undefined ? null : checkedGtin(gtin),
        locations: location === undefined ? null : subtree(location),
        lifecycle: lifecycle ?? null,
        cursor: cursor ?? null,
        limit: limit ?? 100,
      });
      return { rows: page.rows.map((item) => withProduct(store, item)), next: page.next };
    },
  });
}

/** Looks until the page is full or nothing is left; between two looks the loop turns. */
async function wholePage(store: ApiDeps['store'], query: ItemQuery): Promise<Page<Item>> {
  let page = store.items(query);
  while (page.next !== null && page.rows.length < query.limit) {
    await new Promise((resolve) => setImmediate(resolve));
    const rest = store.items({ ...query, cursor: page.next, limit: query.limit - page.rows.length });
    page = { rows: [...page.rows, ...rest.rows], next: rest.next };
  }
  return page;
}

function itemRoute(deps: ApiDeps): Route {
  return route({
    method: 'GET',
    url: '/items/:epc',
    scope: 'stock:read',
    summary: 'One item',
    schema: { params: EpcParams, response: ItemDetailSchema },
    handler: ({ params }) => {
      const { store, presence } = deps;
      const item = known(store, identify(deps, params.epc).id);
      const seen = presence.lastSeen(item.id);
      return { ...withProduct(store, freshened(item, seen)), lastSeen: sightingOf(deps, item, seen) };
    },
  });
}

function historyRoute(deps: ApiDeps): Route {
  return route({
    method: 'GET',
    url: '/items/:epc/history',
    scope: 'stock:read',
    summary: 'What happened to an item, newest first',
    schema: { params: EpcParams, querystring: PageQuery, response: pageOf(HistoryRowSchema) },
    handler: ({ params, query }) => {
      const { store } = deps;
      const { id } = known(store, identify(deps, params.epc).id);
      const page = store.history(id, query.cursor ?? null, query.limit ?? 100);
      return { rows: page.rows.map(historyRow), next: page.next };
    },
  });
}

function known(store: ApiDeps['store'], id: string): Item {
  const item = store.lookUp(id);
  if (item === null) throw new GatewayError('NOT_FOUND', `No item ${id} was ever seen here.`);
  return item;
}

/** The last sight of a tag that lies still is in memory for a while before it is on disk; one made elsewhere is not its place's. */
function freshened(item: Item, seen: LastSeen | null): Item {
  if (seen === null || seen.at <= (item.lastSeenAt ?? 0)) return item;
  if (seen.readPoint !== item.readPoint) return { ...item, lastSeenAt: seen.at };
  return { ...item, reader: seen.reader, antenna: seen.antenna, rssi: seen.rssi, lastSeenAt: seen.at };
}

function withProduct(store: ApiDeps['store'], item: Item) {
  const product = item.gtin === null ? null : store.product(item.gtin);
  return { ...item, sku: product?.sku ?? null, name: product?.name ?? null };
}
