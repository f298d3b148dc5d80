import type { LlrpProfile } from '../profile/llrp-profile.ts';
import { inner, inners, listIn, numberIn, type Parameter, type Told, textIn } from './tree.ts';

/** What a reader says it can do. */
export type Capabilities = {
  readonly maxAntennas: number;
  readonly hasUtcClock: boolean;
  readonly manufacturer: number;
  readonly model: number;
  readonly firmware: string;
  readonly maxRoSpecs: number;
  /** Holds reports for a client that is away or not ready. */
  readonly holds: boolean;
  /** One of `regions`; null where the reader says none. */
  readonly region: string | null;
  /** The transmit power table: what to send (`index`) for which dBm. */
  readonly powers: readonly { readonly index: number; readonly dbm: number }[];
  readonly hopping: boolean;
  readonly hopTableId: number;
  /** Frequencies in the order that ChannelIndex counts, from 1. */
  readonly khz: readonly number[];
};

/** Names of the communications standards, by their number (LLRP 1.0.1, 9.2.4.1). 0 is "unspecified". */
const standards = [null, 'US', 'EU', 'EU-300-220', 'AU-1W', 'AU-4W', 'JP', 'HK', 'TW', 'KR'] as const;

/** Regions that a reader may say it is in. LLRP cannot set one: a configured region is what the reader must say. */
export const regions: readonly string[] = standards.filter((name) => name !== null);

/** Reads GET_READER_CAPABILITIES_RESPONSE. */
export function capabilitiesOf(told: Told): Capabilities {
  const device = inner(told, 'GeneralDeviceCapabilities');
  const llrp = inner(told, 'LLRPCapabilities');
  const regulatory = inner(told, 'RegulatoryCapabilities');
  const band = inner(regulatory, 'UHFBandCapabilities');
  const frequencies = inner(band, 'FrequencyInformation');
  const hopTable = inner(frequencies, 'FrequencyHopTable');
  return {
    maxAntennas: numberIn(device, 'maxAntennas'),
    hasUtcClock: (numberIn(device, 'flags') & 0x4000) !== 0,
    manufacturer: numberIn(device, 'manufacturer'),
    model: numberIn(device, 'model'),
    firmware: textIn(device, 'firmware'),
    maxRoSpecs: numberIn(llrp, 'maxRoSpecs'),
    holds: (numberIn(llrp, 'flags') & 0x08) !== 0,
    region: standards[numberIn(regulatory, 'standard')] ?? null,
    powers: powersOf(band),
    hopping: (numberIn(frequencies, 'hopping') & 0x80) !== 0,
    hopTableId: numberIn(hopTable, 'hopTableId'),
    khz: listIn(hopTable ?? inner(frequencies, 'FixedFrequencyTable'), 'khz'),
  };
}

function powersOf(band: Parameter | undefined): Capabilities['powers'] {
  return inners(band, 'TransmitPowerLevelTableEntry').map((entry) => ({
    index: numberIn(entry, 'index'),
    dbm: numberIn(entry, 'centiDbm') / 100,
  }));
}

/** What is wanted of a reader; null leaves what the reader has. */
export type Wanted = {
  readonly antennas: readonly number[];
  readonly power: number | null;
  readonly region: string | null;
  /** Gen2 session. */
  readonly session: number | null;
  readonly takeOver: boolean;
};

/** Why the reader cannot do what is wanted, as a sentence; null when it can. Nothing was sent yet. */
export function refusalOf(wanted: Wanted, has: Capabilities): string | null {
  const tooHigh = wanted.antennas.filter((port) => port > has.maxAntennas);
  if (tooHigh.length > 0 && has.maxAntennas > 0) {
    return `The reader has ${has.maxAntennas} antenna ports: there is no port ${tooHigh.join(', ')}.`;
  }
  if (wanted.region !== null && wanted.region !== has.region) {
    return `The reader is set to region ${has.region ?? 'unknown'}, not ${wanted.region}: LLRP cannot change it.`;
  }
  if (wanted.power === null || powerIndex(wanted.power, has) !== null) return null;
  const dbm = has.powers.map((entry) => entry.dbm);
  if (dbm.length === 0) return 'The reader names no power levels: leave power out.';
  return `The reader can send with ${Math.min(...dbm)} to ${Math.max(...dbm)} dBm, not ${wanted.power}.`;
}

/** The table's index of the highest level that is not above `dbm`; null when `dbm` is outside the table. */
export function powerIndex(dbm: number, { powers }: Capabilities): number | null {
  const level = dbm + 0.005;
  const allowed = powers.filter((entry) => entry.dbm <= level).sort((a, b) => b.dbm - a.dbm);
  const highest = powers.some((entry) => entry.dbm + 0.005 >= dbm);
  return highest ? (allowed[0]?.index ?? null) : null;
}

/** `Impinj Speedway R420, firmware 5.14.0.240, region US, 4 antennas`. */
export function identityOf(has: Capabilities, { names }: LlrpProfile): string {
  const maker = names.manufacturers[has.manufacturer] ?? `manufacturer ${has.manufacturer}`;
  const model = names.models[`${has.manufacturer}:${has.model}`] ?? `model ${has.model}`;
  const place = has.region === null ? '' : `, region ${has.region}`;
  return `${maker} ${model}, firmware ${has.firmware}${place}, ${has.maxAntennas} antennas`;
}
