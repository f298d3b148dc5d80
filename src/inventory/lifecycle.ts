import type { LocationKind } from '../presence/index.ts';
import type { Bucket, Item, Lifecycle } from './item.ts';
import { bucketByLifecycle, lifecycleRows, terminal } from './lifecycle-table.ts';

/** What a guard may ask. */
export type LifecycleFacts = {
  readonly owner: Item['owner'];
  readonly reason: string | null;
  /** 0..1, of an exit. */
  readonly confidence: number;
  /** Closed counts in a row that did not see the item. */
  readonly counts: number;
  readonly atDock: boolean;
  readonly atExit: boolean;
};

/** The closed vocabulary of guards; `+` joins them with "and". */
const guardTerms: Readonly<Record<string, (facts: LifecycleFacts) => boolean>> = {
  own: (facts) => facts.owner === 'own',
  'owner=own': (facts) => facts.owner === 'own',
  'owner=customer': (facts) => facts.owner === 'customer',
  'reason=display': (facts) => facts.reason === 'display',
  'confidence>=0.9': (facts) => facts.confidence >= 0.9,
  'counts>=2': (facts) => facts.counts >= 2,
  'zone=dock': (facts) => facts.atDock,
  'zone!=exit': (facts) => !facts.atExit,
};

type Rule = {
  readonly from: string;
  readonly input: string;
  readonly guards: readonly ((facts: LifecycleFacts) => boolean)[];
  readonly to: Lifecycle | '=';
};

const rules: readonly Rule[] = lifecycleRows.map(([from, input, guard, to]) => ({
  from,
  input,
  guards: guard === '' ? [] : guard.split('+').map(guardOf),
  to,
}));

/** Every input that the table knows. */
export const lifecycleInputs: ReadonlySet<string> = new Set(rules.map((rule) => rule.input));

function guardOf(term: string): (facts: LifecycleFacts) => boolean {
  const guard = guardTerms[term];
  if (guard === undefined) throw new Error(`lifecycle table: unknown guard ${term}`);
  return guard;
}

/** Where an input leads from a lifecycle (null = an unknown item): the first row that matches. Null when no row does. */
export function nextLifecycle(from: Lifecycle | null, input: string, facts: LifecycleFacts): Lifecycle | null {
  for (const rule of rules) {
    if (rule.input !== input || !startsAt(rule, from)) continue;
    if (!rule.guards.every((guard) => guard(facts))) continue;
    return rule.to === '=' ? from : rule.to;
  }
  return null;
}

/** The inputs that lead somewhere from a lifecycle (null = an unknown item), guards aside. */
export function inputsFrom(from: Lifecycle | null): string[] {
  return [...new Set(rules.filter((rule) => startsAt(rule, from)).map(({ input }) => input))];
}

function startsAt(rule: Rule, from: Lifecycle | null): boolean {
  if (from === null) return rule.from === '(new)';
  return rule.from === from || (rule.from === '*' && !terminal.includes(from));
}

const floorKinds: ReadonlySet<LocationKind> = new Set(['sales-floor', 'fitting-room', 'point-of-sale', 'exit']);

/** Whether customers can reach what is at such a location: IN_STOCK counts there as on_floor, elsewhere as on_back. */
export function isFloor(kind: LocationKind): boolean {
  return floorKinds.has(kind);
}

/** The one bucket an item is counted in: own things with a GTIN at a known location, by lifecycle. */
export function bucketOf(
  item: Pick<Item, 'lifecycle' | 'owner' | 'gtin' | 'location'>,
  kind: LocationKind | null,
): Bucket | null {
  if (item.owner !== 'own' || item.gtin === null || item.location === null || kind === null) return null;
  const bucket = bucketByLifecycle[item.lifecycle];
  if (bucket !== 'zone') return bucket;
  return isFloor(kind) ? 'on_floor' : 'on_back';
}
