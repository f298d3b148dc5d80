import type { FastifyReply } from 'fastify';
import { type ErrorCode, errorCodes, type Fault, GatewayError, type Problem } from '../kit/index.ts';

/** An RFC 9457 problem document. `code` is what a program looks at. */
export type ProblemDocument = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  /** What `detail` says, for programs and translations, where it is more than the code. */
  readonly fault?: Fault;
  readonly errors?: readonly Problem[];
};

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA',
  429: 'RATE_LIMITED',
};

/** The problem document for an error code. `status` overrides the code's own (421 has no code of its own). */
export function problemOf(
  code: ErrorCode,
  detail: string,
  errors?: readonly Problem[],
  status: number = errorCodes[code].status,
): ProblemDocument {
  const head = { type: `urn:silentgate:error:${code}`, title: errorCodes[code].meaning, status, code, detail };
  return errors === undefined ? head : { ...head, errors };
}

/** The problem document for anything that was thrown; what is no expected error says nothing of its inside. */
export function problemFor(error: unknown): ProblemDocument {
  if (error instanceof GatewayError) return problemOfFailure(error);
  const status = statusOf(error);
  if (status < 400 || status >= 500)
    return problemOf('INTERNAL', 'Something went wrong inside the gateway; its log has the detail.');
  const code = byStatus[status] ?? 'REQUEST_INVALID';
  return problemOf(code, code === 'REQUEST_INVALID' ? 'The request cannot be read.' : errorCodes[code].meaning);
}

function problemOfFailure(error: GatewayError): ProblemDocument {
  const problem = problemOf(error.code, error.message, listed(error));
  return error.fault === null ? problem : { ...problem, fault: error.fault };
}

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, problem: ProblemDocument): FastifyReply {
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem);
}

/** A refused request with the place of what is wrong. `found` is cut short: an answer never echoes much. */
export function invalid(problems: readonly Problem[]): GatewayError {
  const errors = problems.slice(0, 20).map((problem) => ({ ...problem, found: shorten(problem.found) }));
  const first = errors[0];
  const detail =
    first === undefined ? 'The request is not valid.' : `${first.pointer || '/'}: ${first.allowed.replace(/\.$/, '')}.`;
  return new GatewayError('REQUEST_INVALID', detail, { errors });
}

function listed(error: GatewayError): readonly Problem[] | undefined {
  const errors = error.context['errors'];
  return Array.isArray(errors) ? (errors as readonly Problem[]) : undefined;
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : null;
  return typeof status === 'number' ? status : 500;
}

function shorten(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'string') return value.length > 80 ? `${value.slice(0, 80)}…` : value;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : value;
}
