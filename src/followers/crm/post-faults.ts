import { errnoOf, type Fault, fault, GatewayError, messageOf, type NetTrouble, netTrouble } from '../../kit/index.ts';

type Say = (where: string, errno: string) => Fault;

/** What the network, TLS and the HTTP client say of a destination. */
const byTrouble: Readonly<Record<NetTrouble, Say>> = {
  name: (where) => fault('CRM_HOST_UNKNOWN', { where }),
  lookup: (where) => fault('CRM_LOOKUP_FAILED', { where }),
  refused: (where) => fault('CRM_NOT_LISTENING', { where }),
  unreachable: (where, errno) => fault('CRM_UNREACHABLE', { where, errno }),
  noNetwork: (where, errno) => fault('CRM_UNREACHABLE', { where, errno }),
  silent: (where, errno) => fault('CRM_CONNECT_TIMEOUT', { where, errno }),
  cut: (where, errno) => fault('CRM_CUT', { where, errno }),
  untrusted: (where, errno) => fault('CRM_UNTRUSTED', { where, errno }),
  expired: (where) => fault('CRM_EXPIRED', { where }),
  notYetValid: (where) => fault('CRM_NOT_YET_VALID', { where }),
  otherName: (where) => fault('CRM_OTHER_NAME', { where }),
  notTls: (where, errno) => fault('CRM_NOT_TLS', { where, errno }),
  clientCertificate: (where, errno) => fault('CRM_CLIENT_CERTIFICATE', { where, errno }),
};

/** Why a request to `where` (host and port) had no answer. */
export function postFault(error: unknown, where: string): Fault {
  if (error instanceof AggregateError && error.errors.length > 0) return postFault(error.errors[0], where);
  if (error instanceof GatewayError && error.fault !== null) return error.fault;
  const errno = codeOf(error);
  if (isParserError(error, errno)) return fault('CRM_NOT_HTTP', { where, errno: errno || 'HTTPParserError' });
  const trouble = netTrouble(errno);
  if (trouble !== null) return byTrouble[trouble](where, errno);
  return fault('CRM_FAILED', { where, detail: errno === '' ? messageOf(error) : `${errno}: ${messageOf(error)}` });
}

/** The parser’s error has a name always, and a code only of some kinds. */
function isParserError(error: unknown, errno: string): boolean {
  return errno.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError');
}

/** The code of an error of the HTTP client. */
export function codeOf(error: unknown): string {
  return error instanceof Error && error.name === 'AbortError' ? 'ABORT_ERR' : errnoOf(error);
}
