import type { FastifyRequest } from 'fastify';
import { type AbuseLog, type ErrorCode, messageOf } from '../kit/index.ts';
import type { ProblemDocument } from './problems.ts';

/** What the log calls a refused request of anybody, by its code: one line of each in a minute. */
const ofAnybody: Partial<Record<ErrorCode, string>> = {
  RATE_LIMITED: 'requests beyond a limit refused',
  PAYLOAD_TOO_LARGE: 'large bodies refused',
};
/** The same of somebody who has not signed in; a signed-in program sees its mistake in the answer. */
const ofStrangers: Partial<Record<ErrorCode, string>> = {
  ...ofAnybody,
  REQUEST_INVALID: 'bad requests refused',
  FORBIDDEN: 'requests of other pages refused',
  UNSUPPORTED_MEDIA: 'bad requests refused',
};
/** What comes out of a connection that is no request, by the error of Node.js; another is `notHttp`. Null = nothing. */
const ofConnections: Readonly<Record<string, string | null>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'slow requests cut off',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'slow TLS handshakes cut off',
  HPE_HEADER_OVERFLOW: 'large headers refused',
  // The other side has gone, as clients do.
  ECONNRESET: null,
  EPIPE: null,
};
const notHttp = 'connections that speak no HTTP refused';
const noTls = 'TLS handshakes failed';

type Refused = {
  readonly problem: ProblemDocument;
  readonly from: string | null;
  readonly request: FastifyRequest;
  readonly stranger: boolean;
};

/** The log of requests that were refused or failed: each kind is one line a minute, whoever sends them and however many. */
export type Refusals = {
  told(refused: Refused, error: unknown): void;
  /** It names another machine in its `Host`. */
  misdirected(request: FastifyRequest, from: string | null): void;
  /** What a connection sent is no request. */
  notHttp(error: unknown, from: string | null): void;
  close(): void;
};

/** `failures` is where bugs go, `abuse` where all else does. */
export function createRefusals(abuse: AbuseLog, failures: AbuseLog): Refusals {
  return {
    told: ({ problem, from, request, stranger }, error) => {
      const { code, status } = problem;
      const route = request.routeOptions.url;
      if (code === 'INTERNAL') {
        const stack = error instanceof Error ? error.stack : null;
        failures.tell('request failed', from, { route, error: messageOf(error), stack }, `${code} ${route}`);
      } else if (status >= 500) {
        abuse.tell('request refused', from, { route, code, error: messageOf(error) }, `${code} ${route}`);
      } else {
        const message = kindOf(code, request, stranger);
        if (message !== undefined) abuse.tell(message, from, { route });
      }
    },
    misdirected: ({ hostname }, from) =>
      abuse.tell('requests for another name refused', from, { host: hostname.slice(0, 80) }),
    notHttp: (error, from) => {
      const code = String((error as { code?: unknown }).code ?? '');
      const message = code in ofConnections ? ofConnections[code] : code.startsWith('ERR_SSL') ? noTls : notHttp;
      if (message != null) abuse.tell(message, from, { error: messageOf(error).slice(0, 200) });
    },
    close: () => {
      abuse.close();
      failures.close();
    },
  };
}

/** Who asks without a key, as a page before signing in does, has done nothing wrong. */
function kindOf(code: ErrorCode, request: FastifyRequest, stranger: boolean): string | undefined {
  const brought = request.headers.authorization !== undefined || request.method === 'POST';
  if (code === 'UNAUTHENTICATED') return brought ? 'wrong keys refused' : undefined;
  if (code === 'RATE_LIMITED' && !stranger) return 'live feeds refused';
  return (stranger ? ofStrangers : ofAnybody)[code];
}
