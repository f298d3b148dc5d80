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

/** A visit lasts until its customer was not seen for longer than this. */
const visitGapMs = 30 * 60_000;

/** Times (epoch ms) at which this customer, or this token of theirs, is known to have been seen. */
type Sights = (customer: string, token: string) => readonly number[];

/**
 * Parts people's tokens from things. A known token never reaches inventory: with consent the first arrival of a visit
 * becomes `customer.identified` and each further one `customer.interaction` (other observations say nothing), without
 * consent everything of it is withheld. An arrival belongs to a visit if the customer was seen less than 30 min from it,
 * by `sights` or earlier in these observations [docs/crm.md, "Visits"].
 */
export function recognise(
  observations: readonly Observation[],
  byToken: (id: string) => Customer | null,
  readPoints: readonly ReadPoint[],
  sights: Sights,
): Recognised {
  const result: Recognised = { events: [], rest: [], withheld: [] };
  for (const observation of observations) {
    const customer = byToken(observation.id);
    if (customer === null) result.rest.push(observation);
    else if (!customer.consent.given) result.withheld.push(observation);
    else if (observation.change === 'arrived') {
      const told = result.events.flatMap((event) => (event.customer === customer.customer ? event.at : []));
      const seenAt = [...told, ...sights(customer.customer, observation.id)];
      const visiting = seenAt.some((at) => Math.abs(at - observation.at) <= visitGapMs);
      result.events.push(met(customer.customer, observation, readPoints, visiting));
    }
  }
  return result;
}

function met(customer: string, seen: Observation, readPoints: readonly ReadPoint[], visiting: boolean): CustomerEvent {
  const location = readPoints.find((readPoint) => readPoint.id === seen.readPoint)?.location ?? seen.readPoint;
  return {
    // Without the type: an arrival that is told again comes after itself, and must still be the same event.
    id: contentId(['customer', customer, seen.readPoint, seen.at]),
    type: visiting ? 'customer.interaction' : 'customer.identified',
    customer,
    at: seen.at,
    readPoint: seen.readPoint,
    location,
    reader: seen.reader,
  };
}
