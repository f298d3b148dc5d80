import { type LlrpProfile, writeMessage, writeParameter, writeTlv } from '../../protocols/index.ts';
import type { SimulatedTag } from '../simulator.ts';
import type { FieldTag } from '../tag-field.ts';

const IMPINJ = 25_882;
const FIRST_KHZ = 902_750;
const CHANNELS = 50;
/** 10.00 to 30.00 dBm in steps of a quarter. */
const LEVELS = 81;

type Head = { readonly version: number; readonly id: number };

/** What the simulated reader is: a four-port reader of the US band that dials nobody. */
export const device = {
  antennas: 4,
  minDbm: 10,
  maxDbm: 30,
  levels: LEVELS,
  roSpecs: 1,
  accessSpecs: 1_508,
  opSpecs: 8,
  selectFilters: 2,
  /** Below this no tag is heard. */
  sensitivity: -85,
  mac: '001625FFFE121A54',
  serial: '370-17-46-0001',
} as const;

/** READER_EVENT_NOTIFICATION with one event in it. */
export function notification(head: Head, now: number, event: Uint8Array): Uint8Array {
  const time = writeParameter('UTCTimestamp', { microseconds: now * 1000 });
  return writeMessage('READER_EVENT_NOTIFICATION', head, {}, [
    writeParameter('ReaderEventNotificationData', {}, [time, event]),
  ]);
}

/** The parameters of GET_READER_CAPABILITIES_RESPONSE behind its status. */
export function capabilityParameters(impinj: boolean): Uint8Array[] {
  const levels = Array.from({ length: LEVELS }, (_, i) =>
    writeParameter('TransmitPowerLevelTableEntry', { index: i + 1, centiDbm: device.minDbm * 100 + i * 25 }),
  );
  const khz = Array.from({ length: CHANNELS }, (_, i) => channelKhz(i + 1));
  const hopTable = writeParameter('FrequencyHopTable', { hopTableId: 1, khz });
  const frequencies = writeParameter('FrequencyInformation', { hopping: 0x80 }, [hopTable]);
  const general = { maxAntennas: device.antennas, flags: 0x4000, firmware: '5.14.0.240' };
  const maker = impinj ? { manufacturer: IMPINJ, model: 2_001_002 } : { manufacturer: 0, model: 1 };
  return [
    writeParameter('GeneralDeviceCapabilities', { ...general, ...maker }),
    writeParameter('LLRPCapabilities', {
      flags: 0x48,
      maxPriority: 1,
      maxRoSpecs: device.roSpecs,
      maxAccessSpecs: device.accessSpecs,
      maxOpSpecs: device.opSpecs,
    }),
    writeParameter('RegulatoryCapabilities', { country: 840, standard: 1 }, [
      writeParameter('UHFBandCapabilities', {}, [...levels, frequencies]),
    ]),
    writeParameter('C1G2LLRPCapabilities', { flags: 0x40, maxSelectFilters: device.selectFilters }),
  ];
}

/** dBm of an index of the power table; null for an index that is not in it. */
export function dbmOf(index: number): number | null {
  return index < 1 || index > LEVELS ? null : device.minDbm + (index - 1) / 4;
}

/** The parameters of GET_READER_CONFIG_RESPONSE behind its status. */
export function configParameters(connected: (port: number) => boolean): Uint8Array[] {
  const ports = Array.from({ length: device.antennas }, (_, i) => i + 1);
  const control = writeParameter('C1G2SingulationControl', { session: 2 << 6, population: 32 });
  const command = writeParameter('C1G2InventoryCommand', {}, [control]);
  return [
    writeParameter('Identification', { idType: 0, readerId: device.mac }),
    ...ports.map((port) =>
      writeParameter('AntennaProperties', { connected: connected(port) ? 0x80 : 0, antennaId: port }),
    ),
    ...ports.map((antennaId) => writeParameter('AntennaConfiguration', { antennaId }, [command])),
  ];
}

/** The vendor's own parameter about who the reader is, where its profile has one. */
export function detailParameters({ details }: LlrpProfile): Uint8Array[] {
  if (details === undefined) return [];
  const words = { model: 'Speedway R420', serial: device.serial, software: '5.14.0.240', firmware: '5.14.0.240' };
  const texts = details.texts.map((name) => Buffer.from({ fpga: '', board: '', ...words }[name]));
  const data = texts.map((text) => Buffer.concat([Buffer.of(0, text.length), text]));
  return [writeParameter('Custom', { vendor: details.vendor, subtype: details.subtype, data: Buffer.concat(data) })];
}

/** A hop table is not sorted: neighbours in it are 7 channels apart. */
export function channelKhz(channelIndex: number): number {
  return FIRST_KHZ + 500 * ((channelIndex * 7) % CHANNELS);
}

export type Sighting = {
  readonly tag: FieldTag;
  /** OpSpecResult parameters of what was done to the tag. */
  readonly results: readonly Uint8Array[];
  readonly now: number;
  readonly channel: number;
  readonly phase: number;
};

/** One TagReportData, in the standard's order; with Impinj's own parameters where they were switched on. */
export function tagReport({ tag, results, now, channel, phase }: Sighting, impinj: boolean): Uint8Array {
  const rssi = Math.max(-128, Math.min(127, Math.round(tag.rssi)));
  const parts = [
    epcParameter(tag.epc),
    tv(1, 2, tag.antenna),
    tv(6, 1, rssi & 0xff),
    tv(7, 2, channel),
    tv(2, 8, now * 1000),
    tv(4, 8, now * 1000),
    tv(8, 2, 1),
    tv(12, 2, Number.parseInt(tag.memory.pc(), 16)),
    ...results,
  ];
  if (impinj) parts.push(custom(56, phase), custom(57, Math.round(tag.rssi * 100) & 0xffff));
  return writeTlv(240, Buffer.concat(parts));
}

/** A report with a TV in it that no reader can know. */
export function damagedReport(tag: SimulatedTag): Uint8Array {
  return writeTlv(240, Buffer.concat([epcParameter(tag.epc), tv(127, 1, 0)]));
}

function epcParameter(epc: string): Uint8Array {
  const bytes = Buffer.from(epc, 'hex');
  if (bytes.length === 12) return Buffer.concat([Buffer.of(0x80 | 13), bytes]);
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(8 * bytes.length);
  return writeTlv(241, Buffer.concat([bits, bytes]));
}

function tv(type: number, size: number, value: number): Buffer {
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = 0x80 | type;
  if (size === 8) bytes.writeBigUInt64BE(BigInt(Math.trunc(value)), 1);
  else bytes.writeUIntBE(value, 1, size);
  return bytes;
}

function custom(subtype: number, value: number): Uint8Array {
  const data = Buffer.alloc(2);
  data.writeUInt16BE(value);
  return writeParameter('Custom', { vendor: IMPINJ, subtype, data });
}
