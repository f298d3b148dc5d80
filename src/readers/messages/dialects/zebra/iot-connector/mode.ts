import { isObject, type Json } from '../../../../../protocols/index.ts';
import type { Wanted } from '../../../control/dialect.ts';

/** The reader's mode with all that is wanted in it; what else stands in it stays. */
export function modeWith(present: Json, wanted: Wanted): Json {
  const mode: Record<string, unknown> = structuredClone(present);
  if (wanted.antennas !== undefined) mode['antennas'] = [...wanted.antennas];
  const power = powerFor(present, mode['antennas'], wanted);
  if (power !== undefined) mode['transmitPower'] = power;
  if (wanted.session !== undefined) placeSession(mode, `S${wanted.session}`);
  if (wanted.filter !== undefined) {
    // It has a filter or a query, never both.
    delete mode['query'];
    delete mode['selects'];
    mode['filter'] = { value: wanted.filter.mask.toLowerCase(), match: 'prefix', operation: 'include' };
  }
  return mode;
}

/**
 * One number for all ports, or a list in their order where the ports differ. A port that nobody named a power for keeps its
 * own; one that had none gets the lowest of the others.
 */
function powerFor({ antennas, transmitPower }: Json, ports: unknown, { power, antennaPower }: Wanted): unknown {
  if (antennaPower === undefined && (power !== undefined || !Array.isArray(transmitPower)))
    return power ?? transmitPower;
  const ownOf = (port: number): unknown => {
    if (!Array.isArray(transmitPower)) return transmitPower;
    return transmitPower[Array.isArray(antennas) ? antennas.indexOf(port) : port - 1] as unknown;
  };
  const lowest = [transmitPower, Object.values(antennaPower ?? {})]
    .flat(1)
    .filter(isNumber)
    .sort((a, b) => a - b)[0];
  const numbers = Array.isArray(ports) ? ports.filter(isNumber) : Object.keys(antennaPower ?? {}).map(Number);
  return numbers.map((port) => antennaPower?.[port] ?? power ?? ownOf(port) ?? lowest);
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** A mode may have one query for all ports or one for each; one that has none gets the plain one. */
function placeSession(mode: Record<string, unknown>, session: string): void {
  const { query } = mode;
  if (Array.isArray(query)) for (const one of query.filter(isObject)) one['session'] = session;
  else mode['query'] = { ...(isObject(query) ? query : { sel: 'ALL', target: 'A' }), session };
}
