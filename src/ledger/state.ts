import type { Inventory, Item } from '../inventory/index.ts';
import type { Presence, PresenceRow, ReadPoint } from '../presence/index.ts';
import type { Doubt } from './doubt.ts';
import type { Draft } from './draft.ts';
import { inputKey } from './draft.ts';
import type { Goods } from './goods.ts';
import type { ItemBeliefs } from './item-beliefs.ts';
import type { Pending, PendingTurn } from './pending.ts';
import type { People } from './people.ts';

/** What is on disk, where memory cannot tell. They may throw. */
export type LookUps = {
  item(id: string): Item | null;
  presencesOf(ids: readonly string[]): readonly PresenceRow[];
  inputSeen(inputId: string, itemId: string): boolean;
  /** When an event named a customer and this token was read last, epoch ms. */
  sights(customer: string, token: string): readonly number[];
  isProduct(gtin: string): boolean;
  /** The keyed hash of a token's identity. */
  tokenHash(id: string): string;
};

/** Everything the room remembers. */
export type State = {
  readonly presence: Presence;
  readonly inventory: Inventory;
  readonly readPoints: readonly ReadPoint[];
  readonly items: ItemBeliefs;
  readonly people: People;
  readonly goods: Goods;
  readonly lookUps: LookUps;
  readonly pending: Pending;
  readonly doubt: Doubt;
  /** Drafts that are open. */
  readonly drafts: Set<Draft>;
  /** Business inputs that were decided and are not on disk, each with its turn. */
  readonly inputs: Map<string, number>;
};

const nothing: Omit<PendingTurn, 'turn'> = {
  presenceTurn: 0,
  observed: new Set(),
  events: [],
  customerEvents: [],
  seen: [],
};

/** Makes what was decided visible to whatever is decided next, and numbers it. */
export function remember(state: State, decided: Partial<Omit<PendingTurn, 'turn'>>): number {
  const { turn, events, seen } = state.pending.add({ ...nothing, ...decided });
  for (const event of events) {
    state.items.decided(event.item, turn);
    if (event.cause !== null) state.inputs.set(inputKey({ id: event.cause, item: event.item.id }), turn);
  }
  if (state.drafts.size === 0) return turn;
  const ids = idsOf([...events.map(({ item }) => item), ...seen]);
  for (const draft of state.drafts) draft.touched(ids);
  return turn;
}

/** Their identities, each once. */
export function idsOf(named: readonly { readonly id: string }[]): Set<string> {
  return new Set(named.map(({ id }) => id));
}
