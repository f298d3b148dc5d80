import type { InputResult, Inventory, Item, ItemEvent, ItemInput } from '../inventory/index.ts';
import type { Goods } from './goods.ts';

/** Business inputs that are decided together, some at a time, and take effect at once when it is closed. */
export type Draft = {
  /** Decides on these, after the ones before. Throws what a look-up throws: then the draft is over and nothing happened. */
  add(inputs: readonly ItemInput[]): void;
  /** What became of each, in their order. Whatever another decision touched meanwhile is decided anew first. */
  close(): readonly InputResult[];
  /** Another decision touched these items. */
  touched(ids: Iterable<string>): void;
};

export type DraftParts = {
  readonly inventory: Inventory;
  readonly goods: Goods;
  lookUp(id: string): Item | null;
  /** Whether an input was applied to its item before this draft. */
  wasApplied(input: ItemInput): boolean;
};

/** The name of an input: the same id on two items is two inputs. */
export function inputKey(input: Pick<ItemInput, 'id' | 'item'>): string {
  return `${input.item}\n${input.id}`;
}

/** An input, and what became of it. */
type Row = { readonly input: ItemInput; result: InputResult };

const undecided: InputResult = { ok: true, events: [] };

export function createDraft({ inventory, goods, lookUp, wasApplied }: DraftParts): Draft {
  const rows: Row[] = [];
  const named = new Set<string>();
  const others = new Set<string>();
  const after = new Map<string, Item>();
  const applied = new Set<string>();

  const decide = (row: Row): void => {
    const { input } = row;
    if (applied.has(inputKey(input)) || wasApplied(input)) return;
    row.result = inventory.input(input, (id) => after.get(id) ?? lookUp(id));
    if (!row.result.ok) return;
    applied.add(inputKey(input));
    for (const { item, stock } of row.result.events) {
      after.set(item.id, item);
      goods.count(stock, 1);
    }
  };
  const undo = (row: Row): void => {
    for (const { stock } of eventsOf(row.result)) goods.count(stock, -1);
    after.delete(row.input.item);
    applied.delete(inputKey(row.input));
    row.result = undecided;
  };
  /** Where one fails, nothing of the draft is left. */
  const decideAll = (list: readonly Row[]): void => {
    try {
      for (const row of list) decide(row);
    } catch (error) {
      for (const row of rows) undo(row);
      throw error;
    }
  };
  return {
    add: (inputs) => {
      const more = inputs.map((input): Row => ({ input, result: undecided }));
      rows.push(...more);
      for (const { item } of inputs) named.add(item);
      decideAll(more);
    },
    close: () => {
      const stale = rows.filter(({ input }) => others.has(input.item));
      for (const row of stale) undo(row);
      decideAll(stale);
      return rows.map(({ result }) => result);
    },
    touched: (ids) => {
      for (const id of ids) if (named.has(id)) others.add(id);
    },
  };
}

/** What a result did. */
export function eventsOf(result: InputResult): readonly ItemEvent[] {
  return result.ok ? result.events : [];
}
