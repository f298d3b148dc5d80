import type { KnownPeople } from '../customers/index.ts';
import { createInventory, createItemMemory, type InventoryOptions } from '../inventory/index.ts';
import type { GatewayError } from '../kit/index.ts';
import type { Presence, SeenRow } from '../presence/index.ts';
import { type ReadBatch, standardTags } from '../tags/index.ts';
import { createDoubt } from './doubt.ts';
import { createGoods, type Goods } from './goods.ts';
import { type InputDraft, openDraft } from './inputs.ts';
import { createItemBeliefs, type ItemBeliefs } from './item-beliefs.ts';
import { createPending } from './pending.ts';
import { createPeople, type People } from './people.ts';
import { createRecall, type Recall } from './recall.ts';
import { type Decision, decide } from './sighting.ts';
import { idsOf, type LookUps, remember, type State } from './state.ts';

/** Last sights that are to be written. */
export type Sights = { readonly rows: readonly SeenRow[]; readonly turn: number };

/**
 * All that is believed now, in memory. Every decision is made at once, sees all the ones before it, and is given back by its
 * number: `settled` when it is on disk, `takeBack` when it could not be written. Nothing here waits, reads a clock or writes.
 */
export type Ledger = {
  /** The reads of one message; `now` is epoch ms. Throws what a look-up throws: then the message may come again. */
  take(batch: ReadBatch, now: number, redelivered: boolean): Decision;
  /** Departures and strays that are due at `now`, at most `most` of them; `more` where others are left. Throws as `take`. */
  expire(now: number, most: number): Decision & { readonly more: boolean };
  /** Last sights that are not on disk yet, at most `most`; null for none. */
  sights(most: number): Sights | null;
  /** How many last sights wait. */
  sightsWaiting(): number;
  /** Begins to decide on business inputs. Other decisions may be made until it is closed. */
  draft(): InputDraft;
  /** Everything up to this decision is on disk. `duplicates`: items whose event was there already. */
  settled(turn: number, duplicates: readonly string[]): void;
  /**
   * The database refused what is not settled: all of it goes, before anything else is decided. The answer is why presence
   * could not be read back, or null; until it can be, `take` and `expire` throw the same.
   */
  takeBack(now: number): GatewayError | null;
  readonly people: People;
  readonly goods: Pick<Goods, 'entered'>;
  readonly items: Pick<ItemBeliefs, 'lookUp' | 'load' | 'loaded' | 'doubt'>;
  readonly recall: Pick<Recall, 'load' | 'loaded'>;
};

export type LedgerParts = {
  readonly presence: Presence;
  readonly inventory: Omit<InventoryOptions, 'isOwn' | 'isAwaited'>;
  readonly lookUps: LookUps;
  /** Presence is filled later, through `recall`; default: it holds already what is on disk. */
  readonly recalls?: boolean;
  readonly people: KnownPeople;
  /** The pieces of each GTIN-14 that a delivery note announced and that have not come. */
  readonly awaited: ReadonlyMap<string, number>;
  /** Any number of this process's own: see `createItemMemory`. */
  readonly seed: number;
};

/** Builds the ledger. Its items are looked up until they are loaded. */
export function createLedger(parts: LedgerParts): Ledger {
  const { presence } = parts;
  const state = stateOf(parts);
  const { doubt, items, people, goods } = state;
  const recall = createRecall(presence, parts.lookUps.presencesOf, parts.recalls !== true);
  return {
    take: (batch, now, redelivered) => {
      doubt.mend(now);
      recall.before(batch, now);
      return decide(state, presence.take(batch, now, redelivered));
    },
    expire: (now, most) => {
      items.move();
      doubt.mend(now);
      const due = recall.isWhole() ? presence.expire(now, most) : notYet;
      return { ...decide(state, { ...due, reliesOn: 0, refused: [] }), more: due.more };
    },
    sights: (most) => sights(state, most),
    sightsWaiting: presence.unsavedCount,
    draft: () => openDraft(state),
    settled: (turn, duplicates) => settle(state, turn, new Set(duplicates)),
    takeBack: (now) => takeBack(state, now),
    people,
    goods,
    items: { ...items, doubt: (ids, turn) => doubtItems(state, [...ids], turn) },
    recall,
  };
}

/** What somebody else wrote of these items is what counts, for open drafts too. */
function doubtItems({ items, drafts }: State, ids: readonly string[], turn?: number): void {
  items.doubt(ids, turn);
  for (const draft of drafts) draft.touched(ids);
}

const notYet = { observations: [], turn: 0, more: false };

function stateOf({ presence, inventory, lookUps, people, awaited, seed }: LedgerParts): State {
  const goods = createGoods(lookUps.isProduct, awaited);
  const memory = createItemMemory(inventory.tags ?? standardTags, seed);
  const pending = createPending();
  return {
    presence,
    inventory: createInventory({ ...inventory, isOwn: goods.isOwn, isAwaited: goods.isAwaited }),
    readPoints: inventory.readPoints,
    items: createItemBeliefs(memory, lookUps.item),
    people: createPeople(people, lookUps.tokenHash),
    goods,
    lookUps,
    pending,
    doubt: createDoubt(presence, lookUps.presencesOf, pending),
    drafts: new Set(),
    inputs: new Map(),
  };
}

function sights(state: State, most: number): Sights | null {
  const rows = state.presence.unsaved(most);
  if (rows.length === 0) return null;
  const turn = remember(state, { seen: rows });
  for (const row of rows) state.items.sighted(row.id, row.lastSeenAt, turn);
  return { rows, turn };
}

function settle(
  { pending, items, presence, goods, inputs }: State,
  turn: number,
  duplicates: ReadonlySet<string>,
): void {
  for (const done of pending.settled(turn)) {
    items.settled(done.turn, idsOf(done.events.map(({ item }) => item)), done.seen);
    presence.settled(done.presenceTurn);
    for (const { item, stock } of done.events) if (duplicates.has(item.id)) goods.count(stock, -1);
  }
  for (const [key, decided] of inputs) if (decided <= turn) inputs.delete(key);
  items.doubt(duplicates, turn);
}

function takeBack({ pending, items, presence, goods, inputs, drafts, doubt }: State, now: number): GatewayError | null {
  const dropped = pending.drop();
  const events = dropped.flatMap((turn) => turn.events);
  const ids = idsOf([...events.map(({ item }) => item), ...dropped.flatMap(({ seen }) => seen)]);
  for (const { stock } of events) goods.count(stock, -1);
  items.doubt(ids, Number.POSITIVE_INFINITY);
  inputs.clear();
  for (const draft of drafts) draft.touched(ids);
  doubt.add(dropped.flatMap(({ observed }) => [...observed]));
  presence.settled(dropped.at(-1)?.presenceTurn ?? 0);
  return doubt.tryMend(now);
}
