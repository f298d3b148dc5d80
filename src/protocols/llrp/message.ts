/** One LLRP message as it stands on the wire. `bytes` is valid only during the call that hands it on. */
export type LlrpMessage = {
  /** 1 is LLRP 1.0.1, 2 is LLRP 1.1. */
  readonly version: number;
  readonly type: number;
  readonly id: number;
  /** The whole message, header included. */
  readonly bytes: Uint8Array;
};

/** Whether the first two bytes are of 1.0.1, 1.1 or 2.0, and nothing stands in the three bits before the version. */
export function isKnownVersion(head: number): boolean {
  return head >> 10 >= 1 && head >> 10 <= 3;
}

/** Reserved and version bits, type, length, message id (LLRP 1.0.1, 16.1). */
export const HEADER_BYTES = 10;
/** 16 MiB: a longer announcement is another protocol on the port, or a damaged stream. */
export const LARGEST_MESSAGE = 16 * 1_048_576;

/** Message types by the names of the standard (LLRP 1.0.1, 16.1.1 and 1.1, 17.1.1). */
export const messageTypes = {
  GET_READER_CAPABILITIES: 1,
  GET_READER_CONFIG: 2,
  SET_READER_CONFIG: 3,
  CLOSE_CONNECTION_RESPONSE: 4,
  GET_READER_CAPABILITIES_RESPONSE: 11,
  GET_READER_CONFIG_RESPONSE: 12,
  SET_READER_CONFIG_RESPONSE: 13,
  CLOSE_CONNECTION: 14,
  ADD_ROSPEC: 20,
  DELETE_ROSPEC: 21,
  START_ROSPEC: 22,
  STOP_ROSPEC: 23,
  ENABLE_ROSPEC: 24,
  DISABLE_ROSPEC: 25,
  GET_ROSPECS: 26,
  ADD_ROSPEC_RESPONSE: 30,
  DELETE_ROSPEC_RESPONSE: 31,
  START_ROSPEC_RESPONSE: 32,
  STOP_ROSPEC_RESPONSE: 33,
  ENABLE_ROSPEC_RESPONSE: 34,
  DISABLE_ROSPEC_RESPONSE: 35,
  GET_ROSPECS_RESPONSE: 36,
  ADD_ACCESSSPEC: 40,
  DELETE_ACCESSSPEC: 41,
  ENABLE_ACCESSSPEC: 42,
  DISABLE_ACCESSSPEC: 43,
  GET_ACCESSSPECS: 44,
  CLIENT_REQUEST_OP: 45,
  GET_SUPPORTED_VERSION: 46,
  SET_PROTOCOL_VERSION: 47,
  ADD_ACCESSSPEC_RESPONSE: 50,
  DELETE_ACCESSSPEC_RESPONSE: 51,
  ENABLE_ACCESSSPEC_RESPONSE: 52,
  DISABLE_ACCESSSPEC_RESPONSE: 53,
  GET_ACCESSSPECS_RESPONSE: 54,
  CLIENT_REQUEST_OP_RESPONSE: 55,
  GET_SUPPORTED_VERSION_RESPONSE: 56,
  SET_PROTOCOL_VERSION_RESPONSE: 57,
  GET_REPORT: 60,
  RO_ACCESS_REPORT: 61,
  KEEPALIVE: 62,
  READER_EVENT_NOTIFICATION: 63,
  ENABLE_EVENTS_AND_REPORTS: 64,
  KEEPALIVE_ACK: 72,
  ERROR_MESSAGE: 100,
  CUSTOM_MESSAGE: 1023,
} as const satisfies Record<string, number>;
export type MessageName = keyof typeof messageTypes;

const names = new Map(Object.entries(messageTypes).map(([name, type]) => [type as number, name as MessageName]));

/** The standard's name of a message type; null for one that it does not know. */
export function messageName(type: number): MessageName | null {
  return names.get(type) ?? null;
}
