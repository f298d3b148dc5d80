import type { Item } from '../../inventory/index.ts';
import { GatewayError, Type } from '../../kit/index.ts';
import type { LastSeen } from '../../presence/index.ts';
import type { ItemQuery, Page } from '../../store/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { eventRow, historyRow } from '../history-row.ts';
import { createSubtree } from '../location-tree.ts';
import { invalid } from '../problems.ts';
import { type Route, route } from '../route.ts';
import {
  At,
  closed,
  EpcParam,
  GtinText,
  HistoryRow,
  Id,
  ItemDetailSchema,
  ItemSchema,
  LifecycleName,
  orNull,
  Paging,
  pageOf,
  plainText,
} from '../schemas.ts';
import { sightingOf } from '../sighting.ts';

/** How far ahead of our clock a sender's clock may be, ms: a later time would shut the item to everything that follows. */
const maxAheadMs = 5 * 60_000;

const InputBody = closed({
  id: Id,
  input: Type.String({
    pattern: '^[A-Za-z]{1,40}$',
    description: 'an input of the lifecycle table: sell, return, hold …',
  }),
  at: Type.Optional(At),
  location: Type.Optional(orNull(Id)),
  reason: Type.Optional(orNull(plainText(100))),
  party: Type.Optional(orNull(plainText(100))),
});

/** One object: what it is, where, since when, its history, and what a POS or a member of staff says of it. */
export function itemRoutes(deps: ApiDeps): Route[] {
  return [listRoute(deps), itemRoute(deps), historyRoute(deps), inputRoute(deps)];
}

function listRoute({ store, locations }: ApiDeps): Route {
  const subtree = createSubtree(locations);
  return route({
    method: 'GET',
    url: '/items',
    scope: 'stock:read',
    summary: 'Items by product, place and lifecycle',
    schema: {
      querystring: closed({
        gtin: Type.Optional(GtinText),
        location: Type.Optional(Id),
        lifecycle: Type.Optional(LifecycleName),
        ...Paging,
      }),
      response: pageOf(ItemSchema),
    },
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
    schema: { params: closed({ epc: EpcParam }), response: ItemDetailSchema },
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
    schema: { params: closed({ epc: EpcParam }), querystring: closed(Paging), response: pageOf(HistoryRow) },
    handler: ({ params, query }) => {
      const { store } = deps;
      const { id } = known(store, identify(deps, params.epc).id);
      const page = store.history(id, query.cursor ?? null, query.limit ?? 100);
      return { rows: page.rows.map(historyRow), next: page.next };
    },
  });
}

function inputRoute(deps: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/items/:epc/inputs',
    scope: 'stock:write',
    summary: 'Tells what happened to an item; the same id has one effect',
    schema: {
      params: closed({ epc: EpcParam }),
      body: InputBody,
      response: Type.Object({ events: Type.Array(Type.Omit(HistoryRow, ['seq', 'recordedAt'])) }),
    },
    handler: async ({ params, body }) => {
      const { inputs, clock } = deps;
      const epc = identify(deps, params.epc);
      const at = body.at ?? clock.now();
      if (at > clock.now() + maxAheadMs) throw invalid([{ pointer: '/at', found: at, allowed: 'not in the future' }]);
      const [result] = await inputs([
        {
          id: body.id,
          input: body.input,
          item: epc.id,
          hex: epc.hex,
          at,
          location: body.location ?? null,
          reason: body.reason ?? null,
          party: body.party ?? null,
        },
      ]);
      if (result === undefined) throw new Error('an input has no result');
      if (!result.ok)
        throw new GatewayError('LIFECYCLE_REFUSED', `Refused: ${result.reason}.`, { reason: result.reason });
      return { events: result.events.map(eventRow) };
    },
  });
}

/** What a text names: any form of an identity, or the content of a tag that was read here though nothing explains it. */
function identify({ tags, store }: ApiDeps, given: string): { readonly id: string; readonly hex: string | null } {
  const own = given.toLowerCase().startsWith('urn:silentgate:') ? tags.identityNamed(given) : null;
  if (own !== null) return { id: own, hex: null };
  // Hex is looked for as a reader's read of it was kept, explained or not.
  const read = /^[0-9A-Fa-f]+$/.test(given) ? tags.identityOf(given).epc : null;
  if (read !== null && store.lookUp(read.id) !== null) return read;
  const result = tags.parse(given, { aliases: true });
  if (result.ok) return result.epc;
  const { message, expected } = result.error;
  throw new GatewayError('TAG_INVALID', message, {
    errors: [{ pointer: '/epc', found: given.slice(0, 80), allowed: expected ?? message }],
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
