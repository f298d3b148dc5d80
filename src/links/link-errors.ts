import {
  type Fault,
  type FaultCode,
  type FaultParams,
  failure,
  fault,
  type GatewayError,
  messageOf,
  type NetTrouble,
  netTrouble,
} from '../kit/index.ts';

/** The codes that say of a place what is wrong with it, and nothing else. */
type PlaceCode = {
  [C in FaultCode]: FaultParams<C> extends { readonly where: string | number }
    ? [Exclude<keyof FaultParams<C>, 'where'>] extends [never]
      ? C
      : never
    : never;
}[FaultCode];

/** What the system's error codes mean of a device file. */
const ofDevice: Readonly<Record<string, PlaceCode>> = {
  ENOENT: 'DEVICE_MISSING',
  ENODEV: 'DEVICE_GONE',
  ENXIO: 'DEVICE_NO_HARDWARE',
  ENOTDIR: 'DEVICE_BAD_PATH',
  EACCES: 'DEVICE_DENIED',
  EPERM: 'DEVICE_DENIED',
  EBUSY: 'DEVICE_BUSY',
  ENOTTY: 'DEVICE_NOT_SERIAL',
  EIO: 'DEVICE_UNPLUGGED',
};

/** What they mean of an address at which we listen. */
const ofListening: Readonly<Record<string, PlaceCode>> = {
  EADDRINUSE: 'PORT_IN_USE',
  EADDRNOTAVAIL: 'ADDRESS_FOREIGN',
  EACCES: 'PORT_DENIED',
  EPERM: 'PORT_DENIED',
};

const ofHost: Readonly<Record<NetTrouble, PlaceCode>> = {
  name: 'HOST_UNKNOWN',
  lookup: 'HOST_LOOKUP_FAILED',
  refused: 'HOST_REFUSED',
  unreachable: 'HOST_UNREACHABLE',
  noNetwork: 'NETWORK_MISSING',
  silent: 'HOST_SILENT',
  cut: 'HOST_CUT',
  untrusted: 'TLS_UNTRUSTED',
  expired: 'TLS_EXPIRED',
  notYetValid: 'TLS_NOT_YET_VALID',
  otherName: 'TLS_OTHER_NAME',
  notTls: 'TLS_NOT_SPOKEN',
  clientCertificate: 'TLS_CLIENT_CERTIFICATE',
};

/** What the system said of the device file `where`. */
export function deviceFault(errno: string, where: string, cause: unknown): Fault {
  const code = Object.hasOwn(ofDevice, errno) ? ofDevice[errno] : undefined;
  return code === undefined ? fault('LINK_FAILED', { where, detail: messageOf(cause) }) : fault(code, { where });
}

/** What the system or OpenSSL said of the address `where`, host:port. */
export function hostFault(errno: string, where: string, cause: unknown): Fault {
  const trouble = netTrouble(errno);
  const code =
    trouble === null ? (Object.hasOwn(ofListening, errno) ? ofListening[errno] : undefined) : ofHost[trouble];
  return code === undefined ? fault('LINK_FAILED', { where, detail: messageOf(cause) }) : fault(code, { where });
}

/** The same as an error to be thrown. */
export function deviceError(errno: string, where: string, cause: unknown): GatewayError {
  return failure(deviceFault(errno, where, cause), { where, errno }, cause);
}

/** The same as an error to be thrown. */
export function hostError(errno: string, where: string, cause: unknown): GatewayError {
  return failure(hostFault(errno, where, cause), { where, errno }, cause);
}
