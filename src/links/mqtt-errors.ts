import {
  errnoOf,
  type Fault,
  type FaultCode,
  type FaultParams,
  fault,
  messageOf,
  type NetTrouble,
  netTrouble,
} from '../kit/index.ts';
import { mqttSilence } from './foreign-texts.ts';
import { hostFault } from './link-errors.ts';

/** The codes that need no values. */
type PlainCode = { [C in FaultCode]: [keyof FaultParams<C>] extends [never] ? C : never }[FaultCode];

/** CONNACK and DISCONNECT reason codes (MQTT 3.1.1, 3.2.2.3; MQTT 5, 2.4). */
const byReason: Readonly<Record<number, PlainCode>> = {
  1: 'BROKER_VERSION',
  2: 'BROKER_CLIENT_ID',
  3: 'BROKER_NOT_READY',
  4: 'BROKER_LOGIN_REFUSED',
  5: 'BROKER_NOT_AUTHORIZED',
  132: 'BROKER_VERSION',
  133: 'BROKER_CLIENT_ID',
  134: 'BROKER_LOGIN_REFUSED',
  135: 'BROKER_NOT_AUTHORIZED',
  136: 'BROKER_NOT_READY',
  137: 'BROKER_NOT_READY',
  138: 'BROKER_BANNED',
  139: 'BROKER_SHUTTING_DOWN',
  140: 'BROKER_SIGN_IN_METHOD',
  141: 'BROKER_HEARD_NOTHING',
  142: 'BROKER_SAME_CLIENT',
  149: 'BROKER_MESSAGE_TOO_LARGE',
  152: 'BROKER_ENDED_BY_HAND',
};

/** Of TLS the advice is about the mqtt section; what else the network says is said of any host. */
const byTrouble: Readonly<Partial<Record<NetTrouble, PlainCode>>> = {
  untrusted: 'BROKER_UNTRUSTED',
  expired: 'BROKER_EXPIRED',
  notYetValid: 'BROKER_NOT_YET_VALID',
  otherName: 'BROKER_OTHER_NAME',
  notTls: 'BROKER_NOT_TLS',
  clientCertificate: 'BROKER_CLIENT_CERTIFICATE',
};

const bySilence = { connack: 'BROKER_NO_CONNACK', keepalive: 'BROKER_SILENT' } as const;

/** The MQTT reason code of an error, or null where it is another kind of error. */
export function reasonOf(error: unknown): number | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : null;
}

/** What an MQTT session ended with; `where` is the broker's host:port. */
export function mqttFault(error: unknown, where: string): Fault {
  const code = codeOf(error);
  return code === undefined ? hostFault(errnoOf(error), where, error) : fault(code);
}

function codeOf(error: unknown): PlainCode | undefined {
  const reason = reasonOf(error);
  if (reason !== null) return byReason[reason];
  const trouble = netTrouble(errnoOf(error));
  if (trouble !== null) return byTrouble[trouble];
  const silence = mqttSilence(messageOf(error));
  return silence === null ? undefined : bySilence[silence];
}

/** Whether the broker refused the protocol version and nothing else. */
export function isVersionRefusal(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason === 1 || reason === 132;
}
