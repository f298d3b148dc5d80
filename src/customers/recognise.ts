import { contentId } from '../kit/index.ts';
import type { Observation, ReadPoint } from '../presence/index.ts';
import type { Customer } from './customer.ts';
import type { CustomerEvent } from './customer-event.ts';

/** What became of observations: facts about people, what goes on to inventory, and what nobody may keep. */
export type Recognised = {
  readonly events: CustomerEvent[];
  readonly rest: Observation[];
  /** A person's token without consent: to be counted, and nothing else. */
  readonly withheld: Observation[];
};

/**
 * Parts people's tokens from things. A known token never reaches inventory: with consent an arrival becomes
 * `customer.identified` (its other observations say nothing), without consent everything of it is withheld.
 */
export function recognise(
  observations: readonly Observation[],
  byToken: (id: string) => Customer | null,
  readPoints: readonly ReadPoint[],
): Recognised {
  const result: Recognised = { events: [], rest: [], withheld: [] };
  for (const observation of observations) {
    const customer = byToken(observation.id);
    if (customer === null) result.rest.push(observation);
    else if (!customer.consent.given) result.withheld.push(observation);
    else if (observation.change === 'arrived')
      result.events.push(identified(customer.customer, observation, readPoints));
  }
  return result;
}

function identified(customer: string, seen: Observation, readPoints: readonly ReadPoint[]): CustomerEvent {
  const type = 'customer.identified';
  const location = readPoints.find((readPoint) => readPoint.id === seen.readPoint)?.location ?? seen.readPoint;
  return {
    id: contentId([type, customer, seen.readPoint, seen.at]),
    type,
    customer,
    at: seen.at,
    readPoint: seen.readPoint,
    location,
    reader: seen.reader,
  };
}
