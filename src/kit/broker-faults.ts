import type { FaultRow } from './fault-row.ts';

/** What may be wrong with the connection to an MQTT broker: CONNACK and DISCONNECT reasons, TLS, silence. */
export const brokerFaults = {
  BROKER_VERSION: { error: 'LINK_DENIED', text: 'The broker does not speak this version of MQTT.' },
  BROKER_CLIENT_ID: {
    error: 'LINK_DENIED',
    text: 'The broker refuses the client id: set another mqtt.clientId.',
  },
  BROKER_NOT_READY: {
    error: 'LINK_LOST',
    text: 'The broker is not ready for connections: it will be tried again.',
  },
  BROKER_LOGIN_REFUSED: {
    error: 'LINK_DENIED',
    text: 'The broker refuses the user name or password: check mqtt.username and mqtt.password.',
  },
  BROKER_NOT_AUTHORIZED: {
    error: 'LINK_DENIED',
    text: 'The broker does not let this account in: check its rights at the broker.',
  },
  BROKER_BANNED: { error: 'LINK_DENIED', text: 'The broker has banned this client: ask who runs it.' },
  BROKER_SHUTTING_DOWN: { error: 'LINK_LOST', text: 'The broker is shutting down.' },
  BROKER_SIGN_IN_METHOD: {
    error: 'LINK_DENIED',
    text: 'The broker wants another way of signing in than user name and password.',
  },
  BROKER_HEARD_NOTHING: { error: 'LINK_LOST', text: 'The broker heard nothing from the gateway for too long.' },
  BROKER_SAME_CLIENT: {
    error: 'LINK_LOST',
    text: 'Another program signs in with the same client id: give each gateway its own mqtt.clientId.',
  },
  BROKER_MESSAGE_TOO_LARGE: {
    error: 'LINK_LOST',
    text: 'A message was larger than the broker or the gateway allows.',
  },
  BROKER_ENDED_BY_HAND: { error: 'LINK_LOST', text: 'The connection was ended by hand at the broker.' },
  BROKER_UNTRUSTED: {
    error: 'LINK_DENIED',
    text: 'The broker’s certificate is not trusted: set mqtt.ca to the certificate of its authority.',
  },
  BROKER_CLIENT_CERTIFICATE: {
    error: 'LINK_DENIED',
    text: 'The broker asks for a client certificate it trusts: set mqtt.cert and mqtt.key.',
  },
  BROKER_EXPIRED: {
    error: 'LINK_DENIED',
    text: 'The broker’s certificate has expired: renew it, and check the gateway’s clock.',
  },
  BROKER_NOT_YET_VALID: {
    error: 'LINK_DENIED',
    text: 'The broker’s certificate is not valid yet: check the gateway’s clock.',
  },
  BROKER_OTHER_NAME: {
    error: 'LINK_DENIED',
    text: 'The broker’s certificate is for another name: use the name it was made for in mqtt.url.',
  },
  BROKER_NOT_TLS: {
    error: 'LINK_DENIED',
    text: 'That port does not speak TLS: use mqtt:// or the TLS port, usually 8883.',
  },
  BROKER_NO_CONNACK: {
    error: 'LINK_LOST',
    text: 'The broker takes the connection but does not answer: check that the port is an MQTT port.',
  },
  BROKER_SILENT: { error: 'LINK_LOST', text: 'The broker has fallen silent: the connection was given up.' },
  BROKER_CLOSED: { error: 'LINK_LOST', text: 'The broker at {where} closed the connection.' },
  BROKER_WORDLESS: {
    error: 'LINK_LOST',
    text: '{where} closes the connection without a word: check that the port is an MQTT port.',
  },
  BROKER_TOPICS_REFUSED: {
    error: 'LINK_DENIED',
    text: 'The broker refuses {topics}: give the gateway’s account the right to read there.',
  },
  BROKER_PORT_IN_USE: {
    error: 'PORT_TAKEN',
    text: 'Another program listens on {where}. Choose another mqtt.port.',
  },
} as const satisfies Record<string, FaultRow>;
