import type { LlrpProfile } from '../vocabulary/llrp-profile.ts';
import { inner, inners, listIn, type MessageTree, numberIn, type Parameter, textIn } from './tree.ts';

/** What a reader says it can do. */
export type Capabilities = {
  readonly maxAntennas: number;
  readonly hasUtcClock: boolean;
  readonly manufacturer: number;
  readonly model: number;
  readonly firmware: string;
  readonly maxRoSpecs: number;
  /** 0 is no limit. */
  readonly maxAccessSpecs: number;
  /** Operations in one AccessSpec; 0 is no limit. */
  readonly maxOpSpecs: number;
  /** Filters in one inventory; null where the reader does not say. */
  readonly maxSelectFilters: number | null;
  /** Holds reports for a client that is away or not ready. */
  readonly holds: boolean;
  /** One of `regions`; null where the reader says none. */
  readonly region: string | null;
  /** ISO 3166 numeric code; 0 where the reader says none. */
  readonly country: number;
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
export function capabilitiesOf(told: MessageTree): Capabilities {
  const device = inner(told, 'GeneralDeviceCapabilities');
  const llrp = inner(told, 'LLRPCapabilities');
  const regulatory = inner(told, 'RegulatoryCapabilities');
  const band = inner(regulatory, 'UHFBandCapabilities');
  const frequencies = inner(band, 'FrequencyInformation');
  const hopTable = inner(frequencies, 'FrequencyHopTable');
  const gen2 = inner(told, 'C1G2LLRPCapabilities');
  return {
    maxAntennas: numberIn(device, 'maxAntennas'),
    hasUtcClock: (numberIn(device, 'flags') & 0x4000) !== 0,
    manufacturer: numberIn(device, 'manufacturer'),
    model: numberIn(device, 'model'),
    firmware: textIn(device, 'firmware'),
    maxRoSpecs: numberIn(llrp, 'maxRoSpecs'),
    maxAccessSpecs: numberIn(llrp, 'maxAccessSpecs'),
    maxOpSpecs: numberIn(llrp, 'maxOpSpecs'),
    maxSelectFilters: gen2 === undefined ? null : numberIn(gen2, 'maxSelectFilters'),
    holds: (numberIn(llrp, 'flags') & 0x08) !== 0,
    region: standards[numberIn(regulatory, 'standard')] ?? null,
    country: numberIn(regulatory, 'country'),
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

/** The table's index of the highest level that is not above `dbm`; null when `dbm` is outside the table. */
export function powerIndex(dbm: number, { powers }: Capabilities): number | null {
  const level = dbm + 0.005;
  const allowed = powers.filter((entry) => entry.dbm <= level).sort((a, b) => b.dbm - a.dbm);
  const highest = powers.some((entry) => entry.dbm + 0.005 >= dbm);
  return highest ? (allowed[0]?.index ?? null) : null;
}

/** The names that the profile has for what the reader gives as numbers. */
export function namesOf({ manufacturer, model }: Capabilities, { names }: LlrpProfile) {
  return {
    maker: names.manufacturers[manufacturer] ?? `manufacturer ${manufacturer}`,
    model: names.models[`${manufacturer}:${model}`] ?? `model ${model}`,
  };
}

/** `Impinj Speedway R420, firmware 5.14.0.240, region US, 4 antennas`. */
export function identityOf(has: Capabilities, profile: LlrpProfile): string {
  const { maker, model } = namesOf(has, profile);
  const place = has.region === null ? '' : `, region ${has.region}`;
  return `${maker} ${model}, firmware ${has.firmware}${place}, ${has.maxAntennas} antennas`;
}
