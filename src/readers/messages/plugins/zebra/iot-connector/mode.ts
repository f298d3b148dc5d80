import type { Json } from '../../../control/json.ts';
import type { Wanted } from '../../../control/modes.ts';
import { isObject } from '../../../values.ts';

/** The reader's mode with all that is wanted in it; what else stands in it stays. */
export function modeWith(present: Json, wanted: Wanted): Json {
  const mode: Record<string, unknown> = structuredClone(present);
  if (wanted.antennas !== undefined) mode['antennas'] = [...wanted.antennas];
  if (wanted.power !== undefined || wanted.antennaPower !== undefined) mode['transmitPower'] = powerFor(mode, wanted);
  if (wanted.session !== undefined) placeSession(mode, `S${wanted.session}`);
  if (wanted.filter !== undefined) {
    // It has a filter or a query, never both.
    delete mode['query'];
    delete mode['selects'];
    mode['filter'] = { value: wanted.filter.mask.toLowerCase(), match: 'prefix', operation: 'include' };
  }
  return mode;
}

/** One number for all ports, or a list in their order where the ports differ. */
function powerFor({ antennas, transmitPower }: Json, { power, antennaPower }: Wanted): unknown {
  if (antennaPower === undefined) return power;
  const ports: unknown[] = Array.isArray(antennas) ? antennas : Object.keys(antennaPower).map(Number);
  return ports.map(
    (port, i) =>
      antennaPower[String(port)] ??
      power ??
      (Array.isArray(transmitPower) ? (transmitPower as unknown[])[i] : transmitPower),
  );
}

/** A mode may have one query for all ports or one for each; one that has none gets the plain one. */
function placeSession(mode: Record<string, unknown>, session: string): void {
  const { query } = mode;
  if (Array.isArray(query)) for (const one of query.filter(isObject)) one['session'] = session;
  else mode['query'] = { ...(isObject(query) ? query : { sel: 'ALL', target: 'A' }), session };
}
