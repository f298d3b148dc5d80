import type { DestinationStatus } from '../../followers/index.ts';
import { type Check, check } from './check.ts';

/** What is wrong with deliveries to one destination. */
export function checkDestination(to: DestinationStatus, now: number): Check[] {
  const name = `destination ${to.id}`;
  const found = [deliveryCheck(to, name, now)];
  if (to.dead > 0) {
    found.push(
      check(
        name,
        'warn',
        'DESTINATION_DEAD',
        `${to.dead === 1 ? '1 event was' : `${to.dead} events were`} refused for good by ${to.id}.`,
        `See why under GET /api/v1/destinations/${to.id}/dead-letters, cure it, and resend them.`,
        { destination: to.id, dead: to.dead },
      ),
    );
  }
  return found;
}

function deliveryCheck(to: DestinationStatus, name: string, now: number): Check {
  const params = { destination: to.id, waiting: to.waiting, failures: to.failures, error: to.lastError ?? '' };
  const faults = to.lastFault === null ? [] : [to.lastFault];
  const waits =
    to.oldestWaitingAt === null
      ? ''
      : `; ${to.waiting === 1 ? '1 event waits' : `${to.waiting} events wait`}, the oldest for ${Math.max(0, Math.round((now - to.oldestWaitingAt) / 1000))} s`;
  const why = to.lastError === null ? '' : `: ${to.lastError}`;
  if (to.state === 'ok' && to.lastSuccessAt === null) {
    return check(
      name,
      'warn',
      'DESTINATION_UNTESTED',
      `Delivery to ${to.id} is untested: nothing was delivered to it yet${waits}.`,
      'Let something happen, such as a new item in front of a reader, and look here again: only a delivery shows that address and secret are right.',
      params,
    );
  }
  if (to.state === 'ok')
    return check(name, 'ok', 'DESTINATION_OK', `Delivery to ${to.id} works${waits}.`, null, params, faults);
  if (to.state === 'disabled') {
    return check(
      name,
      'fail',
      'DESTINATION_DISABLED',
      `Delivery to ${to.id} is switched off${why}${waits}.`,
      `Ask the CRM's owner, then POST /api/v1/destinations/${to.id}/enable.`,
      params,
      faults,
    );
  }
  const paused = to.state === 'paused';
  return check(
    name,
    paused ? 'fail' : 'warn',
    paused ? 'DESTINATION_PAUSED' : 'DESTINATION_RETRYING',
    `Delivery to ${to.id} fails at present${why}${waits}.`,
    'Nothing is lost and it is tried again by itself; check that the CRM runs and that its address and secret are right.',
    params,
    faults,
  );
}
