import { errnoOf, linkError } from './link-errors.ts';

const wrongLogin = 'The broker refuses the user name or password: check mqtt.username and mqtt.password.';
const noRight = 'The broker does not let this account in: check its rights at the broker.';
const busy = 'The broker is not ready for connections: it will be tried again.';
const badId = 'The broker refuses the client id: set another mqtt.clientId.';
const untrusted = 'The broker’s certificate is not trusted: set mqtt.ca to the certificate of its authority.';
const needsCertificate = 'The broker asks for a client certificate it trusts: set mqtt.cert and mqtt.key.';

/** CONNACK and DISCONNECT reason codes (MQTT 3.1.1, 3.2.2.3; MQTT 5, 2.4) in words. */
const byReason: Readonly<Record<number, string>> = {
  1: 'The broker does not speak this version of MQTT.',
  2: badId,
  3: busy,
  4: wrongLogin,
  5: noRight,
  132: 'The broker does not speak this version of MQTT.',
  133: badId,
  134: wrongLogin,
  135: noRight,
  136: busy,
  137: busy,
  138: 'The broker has banned this client: ask who runs it.',
  139: 'The broker is shutting down.',
  140: 'The broker wants another way of signing in than user name and password.',
  141: 'The broker heard nothing from the gateway for too long.',
  142: 'Another program signs in with the same client id: give each gateway its own mqtt.clientId.',
  149: 'A message was larger than the broker or the gateway allows.',
  152: 'The connection was ended by hand at the broker.',
};

const byTlsCode: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: 'The broker’s certificate has expired: renew it, and check the gateway’s clock.',
  CERT_NOT_YET_VALID: 'The broker’s certificate is not valid yet: check the gateway’s clock.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The broker’s certificate is for another name: use the name it was made for in mqtt.url.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'That port does not speak TLS: use mqtt:// or the TLS port, usually 8883.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'That port does not speak TLS: use mqtt:// or the TLS port, usually 8883.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: needsCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: needsCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: needsCertificate,
};

/** The library says these two in words only. */
const byText: Readonly<Record<string, string>> = {
  'connack timeout': 'The broker takes the connection but does not answer: check that the port is an MQTT port.',
  'Keepalive timeout': 'The broker has fallen silent: the connection was given up.',
};

/** The MQTT reason code of an error, or null where it is another kind of error. */
export function reasonOf(error: unknown): number | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : null;
}

/** One plain sentence for the technician; `where` is the broker's host:port. */
export function mqttSentence(error: unknown, where: string): string {
  const reason = reasonOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const known = (reason === null ? undefined : byReason[reason]) ?? byTlsCode[errnoOf(error)] ?? byText[text];
  return known ?? linkError(errnoOf(error), where, error).message;
}

/** Whether the broker refused the protocol version and nothing else. */
export function isVersionRefusal(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason === 1 || reason === 132;
}
