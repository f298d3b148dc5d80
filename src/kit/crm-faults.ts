import type { FaultRow } from './fault-row.ts';

/** What may be wrong with deliveries to a destination. What the receiver said, or why, follows as the fault's cause. */
export const crmFaults = {
  CRM_SIGNATURE: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'HTTP 401: the receiver does not accept the signature; compare the secrets',
  },
  CRM_FORBIDDEN: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'HTTP 403: the receiver forbids it; check the address and the rights there',
  },
  CRM_REDIRECT: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'HTTP {status}: redirects are not followed; configure the final address',
  },
  CRM_REDIRECT_TO: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'HTTP {status}: redirects are not followed; configure the final address ({location})',
  },
  CRM_NOT_FOUND: { error: 'DESTINATION_REFUSED', text: 'HTTP 404' },
  CRM_GONE: { error: 'DESTINATION_REFUSED', text: 'HTTP 410' },
  CRM_TOO_LARGE: { error: 'DESTINATION_REFUSED', text: 'HTTP 413' },
  CRM_TOO_MANY: { error: 'DESTINATION_UNAVAILABLE', text: 'HTTP 429' },
  CRM_REFUSED: { error: 'DESTINATION_REFUSED', text: 'HTTP {status}' },
  CRM_SERVER_ERROR: { error: 'DESTINATION_UNAVAILABLE', text: 'HTTP {status}' },
  CRM_ODD_STATUS: { error: 'DESTINATION_UNAVAILABLE', text: 'HTTP {status}' },

  CRM_NO_ANSWER: { error: 'DESTINATION_UNAVAILABLE', text: 'no answer within {ms} ms' },
  CRM_NOT_LISTENING: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'nothing listens at {where} (ECONNREFUSED): check the address and that the receiver runs',
  },
  CRM_HOST_UNKNOWN: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'the name of {where} is unknown (ENOTFOUND): check the address',
  },
  CRM_LOOKUP_FAILED: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'the name of {where} cannot be looked up (EAI_AGAIN): check network and DNS',
  },
  CRM_UNREACHABLE: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{where} cannot be reached ({errno}): check the gateway’s network and the address',
  },
  CRM_CONNECT_TIMEOUT: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{where} takes no connection ({errno}): check the address and the firewall',
  },
  CRM_CUT: { error: 'DESTINATION_UNAVAILABLE', text: '{where} cut the connection ({errno})' },
  CRM_NOT_HTTP: { error: 'DESTINATION_UNAVAILABLE', text: '{where} does not answer in HTTP ({errno})' },
  CRM_UNTRUSTED: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'the certificate of {where} is not trusted ({errno}): set ca to the certificate of its authority',
  },
  CRM_EXPIRED: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'the certificate of {where} has expired (CERT_HAS_EXPIRED): check it, and the gateway’s clock',
  },
  CRM_NOT_YET_VALID: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'the certificate of {where} is not valid yet (CERT_NOT_YET_VALID): check the gateway’s clock',
  },
  CRM_OTHER_NAME: {
    error: 'DESTINATION_UNAVAILABLE',
    text: 'the certificate of {where} is for another name (ERR_TLS_CERT_ALTNAME_INVALID): check the address',
  },
  CRM_NOT_TLS: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{where} does not speak TLS ({errno}): check the port',
  },
  CRM_CLIENT_CERTIFICATE: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{where} asks for a client certificate ({errno}), and the gateway has none for it',
  },
  CRM_ADDRESS_PRIVATE: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{host} resolves to {address}, an address of the own network; set private: true if that is meant',
  },
  CRM_ADDRESS_PUBLIC: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{host} resolves to {address}, a public address, and http is not allowed there',
  },
  CRM_ADDRESS_RESERVED: {
    error: 'DESTINATION_UNAVAILABLE',
    text: '{host} resolves to {address}, a reserved address',
  },
  CRM_FAILED: { error: 'DESTINATION_UNAVAILABLE', text: '{where} failed: {detail}' },
  CRM_REFUSES_ALL: { error: 'DESTINATION_REFUSED', text: 'refused {count} events in a row, the last time' },
  CRM_ALL_PARTS_FAILED: { error: 'DESTINATION_UNAVAILABLE', text: 'every part of a batch failed' },
  CRM_GIVEN_UP: {
    error: 'DESTINATION_REFUSED',
    text: 'failed {times} times while other events were taken, the last time',
  },
} as const satisfies Record<string, FaultRow>;
