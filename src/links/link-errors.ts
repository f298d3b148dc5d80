import { type ErrorCode, GatewayError } from '../kit/index.ts';

type Row = { readonly code: ErrorCode; readonly sentence: (where: string) => string };

/** What the system's error codes mean for the person at the cable. */
const byErrno: Readonly<Record<string, Row>> = {
  ENOENT: { code: 'LINK_NOT_FOUND', sentence: (at) => `There is no device ${at}: check that it is plugged in.` },
  ENODEV: { code: 'LINK_NOT_FOUND', sentence: (at) => `The device ${at} is gone: check that it is plugged in.` },
  ENXIO: { code: 'LINK_NOT_FOUND', sentence: (at) => `There is no hardware behind ${at}.` },
  ENOTDIR: { code: 'LINK_NOT_FOUND', sentence: (at) => `There is no device ${at}: check the path.` },
  EACCES: {
    code: 'LINK_DENIED',
    sentence: (at) => `No permission for ${at}: add the gateway’s user to the group dialout, then start it again.`,
  },
  EPERM: {
    code: 'LINK_DENIED',
    sentence: (at) => `No permission for ${at}: add the gateway’s user to the group dialout, then start it again.`,
  },
  EBUSY: { code: 'LINK_DENIED', sentence: (at) => `${at} is in use by another program: close that program.` },
  ENOTTY: { code: 'LINK_NOT_FOUND', sentence: (at) => `${at} is not a serial port.` },
  ENOTFOUND: { code: 'LINK_NOT_FOUND', sentence: (at) => `The name of ${at} is unknown: check the host name.` },
  EAI_AGAIN: {
    code: 'LINK_NOT_FOUND',
    sentence: (at) => `The name of ${at} cannot be looked up: check network and DNS.`,
  },
  ECONNREFUSED: {
    code: 'LINK_NOT_FOUND',
    sentence: (at) => `Nothing listens at ${at}: check the port and that the device’s service runs.`,
  },
  EHOSTUNREACH: {
    code: 'LINK_NOT_FOUND',
    sentence: (at) => `${at} cannot be reached: check cable, power and address.`,
  },
  ENETUNREACH: {
    code: 'LINK_NOT_FOUND',
    sentence: (at) => `There is no network to ${at}: check the gateway’s network.`,
  },
  EADDRINUSE: { code: 'PORT_TAKEN', sentence: (at) => `Another program listens at ${at}: choose another port.` },
  EADDRNOTAVAIL: { code: 'LINK_NOT_FOUND', sentence: (at) => `${at} is no address of this machine.` },
  ETIMEDOUT: { code: 'LINK_NOT_FOUND', sentence: (at) => `${at} does not answer: check power, address and firewall.` },
  ECONNRESET: { code: 'LINK_LOST', sentence: (at) => `${at} cut the connection.` },
  EPIPE: { code: 'LINK_LOST', sentence: (at) => `${at} cut the connection.` },
  EIO: { code: 'LINK_LOST', sentence: (at) => `The device ${at} was unplugged or lost power.` },
};

/** The system's code of an error (`ENOENT`, `ECONNREFUSED`, a TLS code …), or '' where it has none. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** A GatewayError in plain words for what the system said of `where` (a device path or host:port). */
export function linkError(errno: string, where: string, cause: unknown): GatewayError {
  const row = byErrno[errno];
  if (row !== undefined) return new GatewayError(row.code, row.sentence(where), { where, errno }, cause);
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError('LINK_LOST', `${where} failed: ${detail}`, { where, errno }, cause);
}
