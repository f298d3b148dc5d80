import { type CustomerEvent, recognise } from '../customers/index.ts';
import type { Observation, Taken } from '../presence/index.ts';
import { type Change, changesOf } from './change.ts';
import type { Pending } from './pending.ts';
import { idsOf, remember, type State } from './state.ts';

/** What was decided: to be appended, and then to be called settled. */
export type Decision = {
  readonly changes: readonly Change[];
  /** The number of this decision; 0 where there is nothing to append. */
  readonly turn: number;
  /** Where there is nothing to append: the decision, not yet on disk, that this one relies on. 0 = none. */
  readonly reliesOn: number;
  /** Each read that was no repeat, and each end of a stay. */
  readonly observations: readonly Observation[];
  /** Those of them that nobody may keep: of a person's token without consent. */
  readonly withheld: readonly Observation[];
  /** Rows of the message for which presence had no room: they were not kept. */
  readonly refused: readonly number[];
};

/** What observations mean. Where that cannot be said, presence is put back to what is on disk, and this throws. */
export function decide(state: State, taken: Taken): Decision {
  const { observations } = taken;
  if (observations.length === 0)
    return {
      changes: [],
      turn: 0,
      reliesOn: turnHolding(state.pending, taken.reliesOn),
      observations,
      withheld: [],
      refused: taken.refused,
    };
  try {
    return meaning(state, taken);
  } catch (error) {
    state.doubt.add(idsOf(observations));
    throw error;
  }
}

function meaning(state: State, { observations, turn: presenceTurn, reliesOn, refused }: Taken): Decision {
  const { pending, presence, goods } = state;
  const { withheld, rest, events: customerEvents } = recognised(state, observations);
  const events = state.inventory.apply(rest, state.items.lookUp);
  const quiet = new Set(withheld);
  // Nothing of a withheld token is written, but what was written while there was consent goes when the token does.
  const kept = observations.filter((observation) => !quiet.has(observation) || isEnd(observation));
  if (kept.length + events.length + customerEvents.length === 0) {
    const last = pending.last();
    if (last === null) presence.settled(presenceTurn);
    else last.presenceTurn = presenceTurn;
    return { changes: [], turn: 0, reliesOn: turnHolding(pending, reliesOn), observations, withheld, refused };
  }
  for (const event of events) goods.count(event.stock, 1);
  const turn = remember(state, { presenceTurn, observed: idsOf(observations), events, customerEvents });
  return { changes: changesOf(kept, events, customerEvents), turn, reliesOn: 0, observations, withheld, refused };
}

function recognised({ people, readPoints, pending, lookUps }: State, observations: readonly Observation[]) {
  return recognise(observations, people.byToken, readPoints, (customer, token) => [
    ...pending.each().flatMap((turn) => timesOf(turn.customerEvents, customer)),
    ...lookUps.sights(customer, token),
  ]);
}

function timesOf(events: readonly CustomerEvent[], of: string): number[] {
  return events.flatMap(({ customer, at }) => (customer === of ? at : []));
}

/** The decision that holds what presence numbered so; 0 where it is on disk. */
function turnHolding(pending: Pending, presenceTurn: number): number {
  if (presenceTurn === 0) return 0;
  return pending.each().find((turn) => turn.presenceTurn >= presenceTurn)?.turn ?? 0;
}

function isEnd({ change }: Observation): boolean {
  return change === 'departed' || change === 'stray';
}
