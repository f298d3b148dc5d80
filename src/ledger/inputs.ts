import type { InputResult, ItemInput } from '../inventory/index.ts';
import { changesOf } from './change.ts';
import { createDraft, eventsOf, inputKey } from './draft.ts';
import type { Decision } from './sighting.ts';
import { remember, type State } from './state.ts';

/** What became of business inputs, each in its place. */
export type InputDecision = Pick<Decision, 'changes' | 'turn' | 'reliesOn'> & {
  readonly results: readonly InputResult[];
};

/** Business inputs on their way to being one decision. */
export type InputDraft = {
  /** Decides on these, after the ones before. Throws what a look-up throws: then the draft is over and nothing happened. */
  add(inputs: readonly ItemInput[]): void;
  /** Makes them one decision. Throws as `add`. */
  close(): InputDecision;
};

/** Opens a draft: what other decisions touch until it is closed is decided anew. */
export function openDraft(state: State): InputDraft {
  const { inventory, goods, items, lookUps, inputs, drafts } = state;
  const named: ItemInput[] = [];
  const draft = createDraft({
    inventory,
    goods,
    lookUp: items.lookUp,
    wasApplied: (input) => inputs.has(inputKey(input)) || lookUps.inputSeen(input.id, input.item),
  });
  drafts.add(draft);
  /** A draft that failed is over. */
  const orOver = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      drafts.delete(draft);
      throw error;
    }
  };
  return {
    add: (more) => {
      named.push(...more);
      orOver(() => draft.add(more));
    },
    close: () => {
      const results = orOver(draft.close);
      drafts.delete(draft);
      const events = results.flatMap(eventsOf);
      if (events.length > 0)
        return { changes: changesOf([], events, []), turn: remember(state, { events }), reliesOn: 0, results };
      // An answer about what is not on disk yet waits until it is.
      const reliesOn = named.reduce((last, { item }) => Math.max(last, items.turnOf(item)), 0);
      return { changes: [], turn: 0, reliesOn, results };
    },
  };
}
