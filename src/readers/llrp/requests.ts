import type { LlrpProfile } from '../profile/llrp-profile.ts';
import { type Capabilities, powerIndex, type Wanted } from './capabilities.ts';
import type { FieldValues } from './fields.ts';
import type { MessageName } from './message.ts';
import { writeParameter } from './tree.ts';

/** A message to the reader, without version and id. */
export type Request = {
  readonly name: MessageName;
  readonly values: FieldValues;
  readonly inside: readonly Uint8Array[];
};

/** The ROSpec that this gateway adds. Any other in the reader belongs to another program. */
export const OUR_ROSPEC = 0x5347;

const on = { on: 0x80 };
/** Antenna, channel, RSSI, first and last seen, count. */
const REPORT_CONTENT = 0x1f80;
/** PC word; CRC is of no use to anybody behind the reader. */
const EPC_MEMORY = 0x40;
const TAG_POPULATION = 32;

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

/** ADD_ROSPEC: our antennas, until it is deleted, one report per tag as it is seen. */
export function addRoSpec(profile: LlrpProfile, wanted: Wanted, has: Capabilities): Request {
  const boundary = writeParameter('ROBoundarySpec', {}, [
    writeParameter('ROSpecStartTrigger', { trigger: 0 }),
    writeParameter('ROSpecStopTrigger', { trigger: 0 }),
  ]);
  const inventory = writeParameter('AISpec', { antennas: wanted.antennas }, [
    writeParameter('AISpecStopTrigger', { trigger: 0 }),
    writeParameter('InventoryParameterSpec', { specId: 1, protocol: 1 }, antennaSettings(wanted, has)),
  ]);
  const inside = [boundary, inventory, reportSpec(profile)];
  return request('ADD_ROSPEC', {}, [writeParameter('ROSpec', { roSpecId: OUR_ROSPEC }, inside)]);
}

function reportSpec({ reportContent }: LlrpProfile): Uint8Array {
  const content = writeParameter('TagReportContentSelector', { flags: REPORT_CONTENT }, [
    writeParameter('C1G2EPCMemorySelector', { flags: EPC_MEMORY }),
  ]);
  const vendor = reportContent === undefined ? [] : [Buffer.from(reportContent.replaceAll(' ', ''), 'hex')];
  return writeParameter('ROReportSpec', { trigger: 1, n: 1 }, [content, ...vendor]);
}

/** One AntennaConfiguration per port, and none where nothing is wanted: the reader keeps what it has. */
function antennaSettings(wanted: Wanted, has: Capabilities): Uint8Array[] {
  const inside: Uint8Array[] = [];
  const power = wanted.power === null ? null : powerIndex(wanted.power, has);
  if (power !== null) inside.push(transmitter(power, has));
  if (wanted.session !== null) inside.push(inventoryCommand(wanted.session));
  if (inside.length === 0) return [];
  return wanted.antennas.map((antennaId) => writeParameter('AntennaConfiguration', { antennaId }, inside));
}

/** A hopping reader looks at the hop table only, a fixed one at the channel only; 1 is a channel of both (LLRP 1.0.1, 13.2.3). */
function transmitter(power: number, { hopping, hopTableId }: Capabilities): Uint8Array {
  return writeParameter('RFTransmitter', { hopTableId: hopping ? hopTableId : 0, channelIndex: 1, power });
}

function inventoryCommand(session: number): Uint8Array {
  const control = writeParameter('C1G2SingulationControl', { session: session << 6, population: TAG_POPULATION });
  return writeParameter('C1G2InventoryCommand', { stateAware: 0 }, [control]);
}
