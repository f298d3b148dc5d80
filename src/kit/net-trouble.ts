/** What the system, OpenSSL or the HTTP client says of a connection, in kinds that links and deliveries share. */
const byCode = {
  ENOTFOUND: 'name',
  EAI_AGAIN: 'lookup',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'noNetwork',
  ENETDOWN: 'noNetwork',
  ETIMEDOUT: 'silent',
  UND_ERR_CONNECT_TIMEOUT: 'silent',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  UND_ERR_SOCKET: 'cut',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'notYetValid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'otherName',
  EPROTO: 'notTls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'notTls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'notTls',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'clientCertificate',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'clientCertificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'clientCertificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'clientCertificate',
} as const;

export type NetTrouble = (typeof byCode)[keyof typeof byCode];

/** The kind of trouble that an error code of the system, of OpenSSL or of the HTTP client stands for; null: another one. */
export function netTrouble(code: string): NetTrouble | null {
  return Object.hasOwn(byCode, code) ? byCode[code as keyof typeof byCode] : null;
}

/** The system's code of an error (`ENOENT`, `ECONNREFUSED`, a TLS code …), or '' where it has none. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
