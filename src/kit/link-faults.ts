import type { FaultRow } from './fault-row.ts';

/** What may be wrong with a channel to a device, with a name on the network, with TLS and with a recording. */
export const linkFaults = {
  DEVICE_MISSING: { error: 'LINK_NOT_FOUND', text: 'There is no device {where}: check that it is plugged in.' },
  DEVICE_GONE: { error: 'LINK_NOT_FOUND', text: 'The device {where} is gone: check that it is plugged in.' },
  DEVICE_NO_HARDWARE: { error: 'LINK_NOT_FOUND', text: 'There is no hardware behind {where}.' },
  DEVICE_BAD_PATH: { error: 'LINK_NOT_FOUND', text: 'There is no device {where}: check the path.' },
  DEVICE_DENIED: {
    error: 'LINK_DENIED',
    text: 'No permission for {where}: add the gateway’s user to the group dialout, then start it again.',
  },
  DEVICE_BUSY: { error: 'LINK_DENIED', text: '{where} is in use by another program: close that program.' },
  DEVICE_NOT_SERIAL: { error: 'LINK_NOT_FOUND', text: '{where} is not a serial port.' },
  DEVICE_UNPLUGGED: { error: 'LINK_LOST', text: 'The device {where} was unplugged or lost power.' },
  DEVICE_TAKES_NOTHING: { error: 'LINK_LOST', text: 'The device takes no data: check flow control and cable.' },

  HOST_UNKNOWN: { error: 'LINK_NOT_FOUND', text: 'The name of {where} is unknown: check the host name.' },
  HOST_LOOKUP_FAILED: {
    error: 'LINK_NOT_FOUND',
    text: 'The name of {where} cannot be looked up: check network and DNS.',
  },
  HOST_REFUSED: {
    error: 'LINK_NOT_FOUND',
    text: 'Nothing listens at {where}: check the port and that the device’s service runs.',
  },
  HOST_UNREACHABLE: { error: 'LINK_NOT_FOUND', text: '{where} cannot be reached: check cable, power and address.' },
  NETWORK_MISSING: {
    error: 'LINK_NOT_FOUND',
    text: 'There is no network to {where}: check the gateway’s network.',
  },
  PORT_IN_USE: { error: 'PORT_TAKEN', text: 'Another program listens at {where}: choose another port.' },
  PORT_DENIED: {
    error: 'LINK_DENIED',
    text: 'The gateway’s user may not listen at {where}: choose a port from 1024 on.',
  },
  ADDRESS_FOREIGN: { error: 'LINK_NOT_FOUND', text: '{where} is no address of this machine.' },
  HOST_SILENT: {
    error: 'LINK_NOT_FOUND',
    text: '{where} does not answer: check power, address and firewall.',
  },
  HOST_CUT: { error: 'LINK_LOST', text: '{where} cut the connection.' },

  TLS_UNTRUSTED: {
    error: 'LINK_DENIED',
    text: 'The certificate of {where} is not trusted: set tls.ca to the certificate of its authority.',
  },
  TLS_EXPIRED: {
    error: 'LINK_DENIED',
    text: 'The certificate of {where} has expired: renew it, and check the gateway’s clock.',
  },
  TLS_NOT_YET_VALID: {
    error: 'LINK_DENIED',
    text: 'The certificate of {where} is not valid yet: check the gateway’s clock.',
  },
  TLS_OTHER_NAME: {
    error: 'LINK_DENIED',
    text: 'The certificate of {where} is for another name: set tls.serverName to the name it was made for.',
  },
  TLS_NOT_SPOKEN: { error: 'LINK_DENIED', text: '{where} does not speak TLS: check the port, or leave tls out.' },
  TLS_CLIENT_CERTIFICATE: {
    error: 'LINK_DENIED',
    text: '{where} asks for a client certificate it trusts: set tls.cert and tls.key.',
  },
  TLS_FILE_UNREADABLE: { error: 'LINK_DENIED', text: '{setting}: {path} cannot be read ({errno}).' },
  LINK_FAILED: { error: 'LINK_LOST', text: '{where} failed: {detail}' },
  CHANNEL_NOT_OPEN: { error: 'LINK_LOST', text: 'The channel is not open.' },
  CHANNEL_LOST: { error: 'LINK_LOST', text: 'The channel was lost while writing.' },

  RECORDING_UNREADABLE: { error: 'NOT_FOUND', text: 'The recording {file} cannot be read ({errno}).' },
  RECORDING_DAMAGED: { error: 'RECORDING_INVALID', text: '{file}, line {line}: {what}.' },
  RECORDED_LOSS: { error: 'LINK_LOST', text: 'The channel was lost in the recording.' },
  SECRET_UNSET: { error: 'SECRET_MISSING', text: 'The environment variable {name} is not set or empty.' },
  SECRET_FILE_EMPTY: { error: 'SECRET_MISSING', text: 'The secret file {path} is empty.' },
  SECRET_FILE_UNREADABLE: { error: 'SECRET_MISSING', text: 'The secret file {path} cannot be read ({errno}).' },
} as const satisfies Record<string, FaultRow>;
