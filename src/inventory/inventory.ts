import type { Observation } from '../presence/index.ts';
import { arrival } from './arrival.ts';
import { businessInput } from './business-input.ts';
import { departure } from './departure.ts';
import type { Item } from './item.ts';
import type { InputResult, ItemEvent, ItemInput } from './item-event.ts';
import { type InventoryOptions, setupOf } from './setup.ts';

type LookUp = (id: string) => Item | null;

/** What sightings and business inputs mean for items and stock. Holds nothing: the items are looked up. */
export type Inventory = {
  /** The events of these observations, in their order; each sees what the ones before it did. */
  apply(observations: readonly Observation[], lookUp: LookUp): ItemEvent[];
  /** The event of a business input, or why it is refused. Whether its id was applied before is the caller's question. */
  input(input: ItemInput, lookUp: LookUp): InputResult;
};

/** Builds the inventory; pure. The adopt rule says which unknown tags become stock by being read. */
export function createInventory(options: InventoryOptions): Inventory {
  const setup = setupOf(options);
  return {
    apply: (observations, lookUp) => {
      const decided = new Map<string, Item>();
      const events: ItemEvent[] = [];
      for (const observation of observations) {
        const decide = deciders[observation.change];
        if (decide === null) continue;
        const before = decided.get(observation.id) ?? lookUp(observation.id);
        for (const event of decide(setup, before, observation)) {
          decided.set(observation.id, event.item);
          events.push(event);
        }
      }
      return events;
    },
    input: (input, lookUp) => businessInput(setup, lookUp(input.item), input),
  };
}

const deciders = {
  arrived: arrival,
  departed: departure,
  glimpsed: null,
  stray: null,
} as const satisfies Record<Observation['change'], typeof arrival | null>;
