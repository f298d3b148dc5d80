import { type Fault, fault } from '../../kit/index.ts';
import { type Capabilities, powerIndex } from '../../protocols/index.ts';
import type { ReaderSettings, TagFilter } from '../commands/command.ts';
import type { ReaderOptions } from '../options.ts';

/** What is wanted of a reader; null leaves what the reader has. */
export type Wanted = {
  /** False: inventory rests until it is started again; the connection stays. */
  readonly reading: boolean;
  readonly antennas: readonly number[];
  /** dBm, for ports that have none of their own. */
  readonly power: number | null;
  /** dBm by port. */
  readonly antennaPower: Readonly<Record<number, number>>;
  readonly region: string | null;
  /** Gen2 session. */
  readonly session: number | null;
  /** LLRP has no Q: it is told a population of 2^q tags. */
  readonly q: number | null;
  readonly filter: TagFilter | null;
  readonly takeOver: boolean;
};

/** What the configuration wants. */
export function wantedOf(options: ReaderOptions): Wanted {
  const { antennas, antennaPower = {}, power, region, session, q, filter, takeOver } = options;
  return {
    reading: true,
    antennas: Object.keys(antennas).map(Number),
    power: power ?? null,
    antennaPower: Object.fromEntries(Object.entries(antennaPower).map(([port, dbm]) => [Number(port), dbm])),
    region: region ?? null,
    session: session ?? null,
    q: q ?? null,
    filter: filter ?? null,
    takeOver: takeOver ?? false,
  };
}

/** The same with what a command sets. A power for all ports takes the place of each port's own. */
export function withSettings(wanted: Wanted, settings: ReaderSettings): Wanted {
  return { ...wanted, ...settings, antennaPower: settings.power === undefined ? wanted.antennaPower : {} };
}

/** The transmit power of a port; null leaves what the reader has. */
export function powerAt({ power, antennaPower }: Wanted, port: number): number | null {
  return antennaPower[port] ?? power;
}

/** Why the reader cannot do what is wanted, and which setting it is about. */
export type Refusal = { readonly about: string; readonly problem: Fault };

/** null when the reader can. Nothing was sent yet. */
export function refusalOf(wanted: Wanted, has: Capabilities): Refusal | null {
  const tooHigh = wanted.antennas.filter((port) => port > has.maxAntennas);
  if (tooHigh.length > 0 && has.maxAntennas > 0) {
    const problem = fault('LLRP_NO_PORT', { count: has.maxAntennas, ports: tooHigh.join(', ') });
    return { about: 'antenna', problem };
  }
  if (wanted.region !== null && wanted.region !== has.region) {
    const problem = fault('LLRP_OTHER_REGION', { found: has.region ?? '?', wanted: wanted.region });
    return { about: 'region', problem };
  }
  if (wanted.filter !== null && has.maxSelectFilters === 0) {
    return { about: 'filter', problem: fault('LLRP_NO_FILTER') };
  }
  const problem = powerRefusal(wanted, has);
  return problem === null ? null : { about: 'power', problem };
}

function powerRefusal(wanted: Wanted, has: Capabilities): Fault | null {
  const powers = wanted.antennas.map((port) => powerAt(wanted, port));
  const outside = powers.find((power) => power !== null && powerIndex(power, has) === null);
  if (outside === undefined || outside === null) return null;
  const dbm = has.powers.map((entry) => entry.dbm);
  if (dbm.length === 0) return fault('LLRP_NO_POWER_LEVELS');
  return fault('LLRP_POWER_OUTSIDE', { least: Math.min(...dbm), most: Math.max(...dbm), power: outside });
}
