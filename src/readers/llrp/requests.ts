import {
  bankBits,
  bitsOf,
  type Capabilities,
  type FieldValues,
  type LlrpProfile,
  type MessageName,
  powerIndex,
  writeParameter,
} from '../../protocols/index.ts';
import type { TagFilter } from '../commands/command.ts';
import { powerAt, type Wanted } from './wanted.ts';

/** A message to the reader, without version and id. */
export type Request = {
  readonly name: MessageName;
  readonly values: FieldValues;
  readonly inside: readonly Uint8Array[];
};

/** The ROSpec that this gateway adds. Any other in the reader belongs to another program. */
export const OUR_ROSPEC = 0x5347;
/** The AccessSpec that carries out a command on a tag; there is never more than one of ours. */
export const OUR_ACCESSSPEC = 0x5347;

const on = { on: 0x80 };
/** Antenna, channel, RSSI, first and last seen, count. */
const REPORT_CONTENT = 0x1f80;
/** PC word; CRC is of no use to anybody behind the reader. */
const EPC_MEMORY = 0x40;

export function request(name: MessageName, values: FieldValues = {}, inside: readonly Uint8Array[] = []): Request {
  return { name, values, inside };
}

/** SET_READER_CONFIG: which events are told, how often the reader says that it lives, and holding of reports. */
export function setReaderConfig(profile: LlrpProfile, has: Capabilities): Request {
  // 1 GPI, 2 ROSpec, 3 report buffer, 4 exception, 8 antenna (LLRP 1.0.1, 13.1.5.1).
  const states = [1, 2, 3, 4, 8].map((event) => writeParameter('EventNotificationState', { event, ...on }));
  const inside = [
    writeParameter('ReaderEventNotificationSpec', {}, states),
    writeParameter('KeepaliveSpec', { trigger: 1, periodMs: profile.session.keepaliveMs }),
  ];
  if (has.holds) inside.push(writeParameter('EventsAndReports', { hold: 0x80 }));
  return request('SET_READER_CONFIG', { flags: 0 }, inside);
}

/** SET_READER_CONFIG that asks for nothing but keepalives. */
export function askKeepalives(profile: LlrpProfile): Request {
  const keepalive = writeParameter('KeepaliveSpec', { trigger: 1, periodMs: profile.session.keepaliveMs });
  return request('SET_READER_CONFIG', { flags: 0 }, [keepalive]);
}

/** SET_READER_CONFIG that has a reader hold no reports: one that does not release them would give none. */
export function holdNothing(): Request {
  return request('SET_READER_CONFIG', { flags: 0 }, [writeParameter('EventsAndReports', { hold: 0 })]);
}

/** How tags are singled out now, as the reader told; asked for where only one of the two is wanted. */
export type Singulation = { readonly session: number; readonly population: number };

const usual: Singulation = { session: 0, population: 32 };

/** What an ADD_ROSPEC is made of. */
export type RoSpecPlan = {
  readonly profile: LlrpProfile;
  readonly wanted: Wanted;
  readonly has: Capabilities;
  readonly singulation: Singulation | null;
  /** Whether the reader takes its maker's own parameters. */
  readonly extended: boolean;
};

/** ADD_ROSPEC: our antennas, until it is deleted, one report per tag as it is seen. */
export function addRoSpec(plan: RoSpecPlan): Request {
  const boundary = writeParameter('ROBoundarySpec', {}, [
    writeParameter('ROSpecStartTrigger', { trigger: 0 }),
    writeParameter('ROSpecStopTrigger', { trigger: 0 }),
  ]);
  const inventory = writeParameter('AISpec', { antennas: plan.wanted.antennas }, [
    writeParameter('AISpecStopTrigger', { trigger: 0 }),
    writeParameter('InventoryParameterSpec', { specId: 1, protocol: 1 }, antennaSettings(plan)),
  ]);
  const inside = [boundary, inventory, reportSpec(plan)];
  return request('ADD_ROSPEC', {}, [writeParameter('ROSpec', { roSpecId: OUR_ROSPEC }, inside)]);
}

function reportSpec({ profile: { reportContent }, extended }: RoSpecPlan): Uint8Array {
  const content = writeParameter('TagReportContentSelector', { flags: REPORT_CONTENT }, [
    writeParameter('C1G2EPCMemorySelector', { flags: EPC_MEMORY }),
  ]);
  return writeParameter('ROReportSpec', { trigger: 1, n: 1 }, [content, ...vendorParameters(reportContent, extended)]);
}

function vendorParameters(hex: string | undefined, extended: boolean): Uint8Array[] {
  return hex === undefined || !extended ? [] : [Buffer.from(hex.replaceAll(' ', ''), 'hex')];
}

/** One AntennaConfiguration per port with something wanted: the others keep what they have. */
function antennaSettings(plan: RoSpecPlan): Uint8Array[] {
  const command = inventoryCommand(plan);
  return plan.wanted.antennas.flatMap((antennaId) => {
    const power = powerAt(plan.wanted, antennaId);
    const index = power === null ? null : powerIndex(power, plan.has);
    const inside = [...(index === null ? [] : [transmitter(index, plan.has)]), ...command];
    return inside.length === 0 ? [] : [writeParameter('AntennaConfiguration', { antennaId }, inside)];
  });
}

/** A hopping reader looks at the hop table only, a fixed one at the channel only; 1 is a channel of both (LLRP 1.0.1, 13.2.3). */
function transmitter(power: number, { hopping, hopTableId }: Capabilities): Uint8Array {
  return writeParameter('RFTransmitter', { hopTableId: hopping ? hopTableId : 0, channelIndex: 1, power });
}

/** Filter, session, population and what the vendor adds; empty where nothing of it is wanted. */
function inventoryCommand({
  profile,
  wanted: { filter, session, q },
  singulation,
  extended,
}: RoSpecPlan): Uint8Array[] {
  const has = singulation ?? usual;
  const inside = filter === null ? [] : [select(filter)];
  if (session !== null || q !== null) {
    const population = q === null ? has.population : 2 ** q;
    const byte = (session ?? has.session) << 6;
    inside.push(writeParameter('C1G2SingulationControl', { session: byte, population }));
  }
  inside.push(...vendorParameters(profile.inventoryContent, extended));
  return inside.length === 0 ? [] : [writeParameter('C1G2InventoryCommand', { stateAware: 0 }, inside)];
}

/** Tags that have the mask take part, the others do not (LLRP 1.0.1, 15.2.1: "select, unselect"). */
function select({ bank, bit, mask }: TagFilter): Uint8Array {
  return writeParameter('C1G2Filter', { truncate: 0 }, [
    writeParameter('C1G2TagInventoryMask', { bank: bankBits(bank), pointer: bit, mask: bitsOf(mask) }),
    writeParameter('C1G2TagInventoryStateUnawareFilterAction', { action: 0 }),
  ]);
}
