import { type MessageName, messageTypes } from './message.ts';

/**
 * How a field stands on the wire, big endian. Behind a u16 count: `text` bytes of UTF-8; `octets` bytes, given as upper-case
 * hex; `bits` padded to whole bytes, given as noughts and ones; `u16s`, `u32s` values.
 */
export type FieldType = 'u8' | 'u16' | 's16' | 'u32' | 'u64' | 'text' | 'octets' | 'bits' | 'u16s' | 'u32s' | 'rest';
export type FieldRow = readonly [name: string, type: FieldType];

/** One message or parameter: its fields in their order, then parameters where `nests`. */
export type Layout = { readonly type: number; readonly fields: readonly FieldRow[]; readonly nests: boolean };

const flat = (type: number, ...fields: FieldRow[]): Layout => ({ type, fields, nests: false });
const nest = (type: number, ...fields: FieldRow[]): Layout => ({ type, fields, nests: true });

/**
 * The parameters that a gateway and a reader exchange besides tag reports, by the standard's names (LLRP 1.0.1, 16.2).
 * Those below 128 are TVs. Whatever is not here is skipped by its length. Tag reports are read by `tag-report.ts`, which makes no tree.
 */
export const parameterLayouts = {
  AntennaID: flat(1, ['id', 'u16']),
  ROSpecID: flat(9, ['id', 'u32']),
  AccessSpecID: flat(16, ['id', 'u32']),
  OpSpecID: flat(17, ['id', 'u16']),
  UTCTimestamp: flat(128, ['microseconds', 'u64']),
  Uptime: flat(129, ['microseconds', 'u64']),
  GeneralDeviceCapabilities: nest(
    137,
    ['maxAntennas', 'u16'],
    ['flags', 'u16'],
    ['manufacturer', 'u32'],
    ['model', 'u32'],
    ['firmware', 'text'],
  ),
  LLRPCapabilities: flat(
    142,
    ['flags', 'u8'],
    ['maxPriority', 'u8'],
    ['clientRequestTimeout', 'u16'],
    ['maxRoSpecs', 'u32'],
    ['maxSpecsPerRoSpec', 'u32'],
    ['maxInventoryParameterSpecs', 'u32'],
    ['maxAccessSpecs', 'u32'],
    ['maxOpSpecs', 'u32'],
  ),
  RegulatoryCapabilities: nest(143, ['country', 'u16'], ['standard', 'u16']),
  UHFBandCapabilities: nest(144),
  TransmitPowerLevelTableEntry: flat(145, ['index', 'u16'], ['centiDbm', 's16']),
  FrequencyInformation: nest(146, ['hopping', 'u8']),
  FrequencyHopTable: flat(147, ['hopTableId', 'u8'], ['reserved', 'u8'], ['khz', 'u32s']),
  FixedFrequencyTable: flat(148, ['khz', 'u32s']),
  ROSpec: nest(177, ['roSpecId', 'u32'], ['priority', 'u8'], ['state', 'u8']),
  ROBoundarySpec: nest(178),
  ROSpecStartTrigger: nest(179, ['trigger', 'u8']),
  ROSpecStopTrigger: nest(182, ['trigger', 'u8'], ['durationMs', 'u32']),
  AISpec: nest(183, ['antennas', 'u16s']),
  AISpecStopTrigger: nest(184, ['trigger', 'u8'], ['durationMs', 'u32']),
  InventoryParameterSpec: nest(186, ['specId', 'u16'], ['protocol', 'u8']),
  AccessSpec: nest(
    207,
    ['accessSpecId', 'u32'],
    ['antennaId', 'u16'],
    ['protocol', 'u8'],
    ['state', 'u8'],
    ['roSpecId', 'u32'],
  ),
  AccessSpecStopTrigger: flat(208, ['trigger', 'u8'], ['count', 'u16']),
  AccessCommand: nest(209),
  Identification: flat(218, ['idType', 'u8'], ['readerId', 'octets']),
  KeepaliveSpec: flat(220, ['trigger', 'u8'], ['periodMs', 'u32']),
  AntennaProperties: flat(221, ['connected', 'u8'], ['antennaId', 'u16'], ['gain', 'u16']),
  AntennaConfiguration: nest(222, ['antennaId', 'u16']),
  RFTransmitter: flat(224, ['hopTableId', 'u16'], ['channelIndex', 'u16'], ['power', 'u16']),
  EventsAndReports: flat(226, ['hold', 'u8']),
  ROReportSpec: nest(237, ['trigger', 'u8'], ['n', 'u16']),
  TagReportContentSelector: nest(238, ['flags', 'u16']),
  AccessReportSpec: flat(239, ['trigger', 'u8']),
  ReaderEventNotificationSpec: nest(244),
  EventNotificationState: flat(245, ['event', 'u16'], ['on', 'u8']),
  ReaderEventNotificationData: nest(246),
  HoppingEvent: flat(247, ['hopTableId', 'u16'], ['channel', 'u16']),
  GPIEvent: flat(248, ['port', 'u16'], ['high', 'u8']),
  ROSpecEvent: flat(249, ['kind', 'u8'], ['roSpecId', 'u32'], ['preemptedBy', 'u32']),
  ReportBufferLevelWarningEvent: flat(250, ['percent', 'u8']),
  ReportBufferOverflowErrorEvent: flat(251),
  ReaderExceptionEvent: nest(252, ['message', 'text']),
  RFSurveyEvent: flat(253, ['kind', 'u8'], ['roSpecId', 'u32'], ['specIndex', 'u16']),
  AISpecEvent: nest(254, ['kind', 'u8'], ['roSpecId', 'u32'], ['specIndex', 'u16']),
  AntennaEvent: flat(255, ['kind', 'u8'], ['antenna', 'u16']),
  ConnectionAttemptEvent: flat(256, ['status', 'u16']),
  ConnectionCloseEvent: flat(257),
  LLRPStatus: nest(287, ['code', 'u16'], ['text', 'text']),
  FieldError: flat(288, ['field', 'u16'], ['code', 'u16']),
  ParameterError: nest(289, ['parameter', 'u16'], ['code', 'u16']),
  C1G2LLRPCapabilities: flat(327, ['flags', 'u8'], ['maxSelectFilters', 'u16']),
  C1G2InventoryCommand: nest(330, ['stateAware', 'u8']),
  C1G2Filter: nest(331, ['truncate', 'u8']),
  C1G2TagInventoryMask: flat(332, ['bank', 'u8'], ['pointer', 'u16'], ['mask', 'bits']),
  C1G2TagInventoryStateUnawareFilterAction: flat(334, ['action', 'u8']),
  C1G2SingulationControl: nest(336, ['session', 'u8'], ['population', 'u16'], ['transitMs', 'u32']),
  C1G2TagSpec: nest(338),
  C1G2TargetTag: flat(339, ['bank', 'u8'], ['pointer', 'u16'], ['mask', 'bits'], ['data', 'bits']),
  C1G2Read: flat(341, ['opSpecId', 'u16'], ['password', 'u32'], ['bank', 'u8'], ['word', 'u16'], ['words', 'u16']),
  C1G2Write: flat(342, ['opSpecId', 'u16'], ['password', 'u32'], ['bank', 'u8'], ['word', 'u16'], ['data', 'u16s']),
  C1G2Kill: flat(343, ['opSpecId', 'u16'], ['password', 'u32']),
  C1G2Lock: nest(344, ['opSpecId', 'u16'], ['password', 'u32']),
  C1G2LockPayload: flat(345, ['privilege', 'u8'], ['dataField', 'u8']),
  C1G2EPCMemorySelector: flat(348, ['flags', 'u8']),
  SpecLoopEvent: flat(356, ['roSpecId', 'u32'], ['loops', 'u32']),
  Custom: flat(1023, ['vendor', 'u32'], ['subtype', 'u32'], ['data', 'rest']),
} as const satisfies Record<string, Layout>;
export type ParameterName = keyof typeof parameterLayouts;

const fieldsOfMessage: Partial<Record<MessageName, readonly FieldRow[]>> = {
  GET_READER_CAPABILITIES: [['requested', 'u8']],
  GET_READER_CONFIG: [
    ['antennaId', 'u16'],
    ['requested', 'u8'],
    ['gpiPort', 'u16'],
    ['gpoPort', 'u16'],
  ],
  SET_READER_CONFIG: [['flags', 'u8']],
  DELETE_ROSPEC: [['roSpecId', 'u32']],
  START_ROSPEC: [['roSpecId', 'u32']],
  STOP_ROSPEC: [['roSpecId', 'u32']],
  ENABLE_ROSPEC: [['roSpecId', 'u32']],
  DISABLE_ROSPEC: [['roSpecId', 'u32']],
  DELETE_ACCESSSPEC: [['accessSpecId', 'u32']],
  ENABLE_ACCESSSPEC: [['accessSpecId', 'u32']],
  DISABLE_ACCESSSPEC: [['accessSpecId', 'u32']],
  SET_PROTOCOL_VERSION: [['version', 'u8']],
  GET_SUPPORTED_VERSION_RESPONSE: [
    ['current', 'u8'],
    ['supported', 'u8'],
  ],
  CUSTOM_MESSAGE: [
    ['vendor', 'u32'],
    ['subtype', 'u8'],
    ['data', 'rest'],
  ],
};

/** A message's fields; parameters follow them in every message. */
export function messageLayout(name: MessageName): Layout {
  return { type: messageTypes[name], fields: fieldsOfMessage[name] ?? [], nests: true };
}

const names = new Map(
  Object.entries(parameterLayouts).map(([name, { type }]) => [type as number, name as ParameterName]),
);

/** The name of a parameter type that has a layout here; null for any other. */
export function parameterName(type: number): ParameterName | null {
  return names.get(type) ?? null;
}
