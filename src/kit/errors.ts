import type { Fault } from './fault.ts';

/** What may fail, as one closed list: code → HTTP status, and whether trying again can help. `docs/errors.md` mirrors it. */
export const errorCodes = {
  CONFIG_INVALID: { status: 400, retryable: false, meaning: 'The configuration file does not fit the schema.' },
  PROFILE_INVALID: { status: 400, retryable: false, meaning: 'A firmware profile does not fit the schema.' },
  REQUEST_INVALID: { status: 400, retryable: false, meaning: 'The request does not fit the route’s schema.' },
  TAG_INVALID: { status: 400, retryable: false, meaning: 'The given tag, URI or link is not a valid identifier.' },
  CSV_INVALID: { status: 400, retryable: false, meaning: 'The CSV file has rows that cannot be taken.' },
  UNAUTHENTICATED: { status: 401, retryable: false, meaning: 'No key, or one that is unknown, revoked or expired.' },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    meaning: 'The key or session lacks the scope that the route needs, or is bound to other readers.',
  },
  NOT_FOUND: { status: 404, retryable: false, meaning: 'There is no such thing.' },
  CONFLICT: { status: 409, retryable: false, meaning: 'The request contradicts the present state.' },
  LIFECYCLE_REFUSED: { status: 409, retryable: false, meaning: 'The item’s lifecycle has no row for this input.' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, meaning: 'The body is larger than the route allows.' },
  UNSUPPORTED_MEDIA: { status: 415, retryable: false, meaning: 'The body’s content type is not accepted.' },
  RATE_LIMITED: { status: 429, retryable: true, meaning: 'Too many at once, or within a minute; see Retry-After.' },
  INTERNAL: { status: 500, retryable: true, meaning: 'A bug; the log has the detail.' },
  OVERLOADED: { status: 503, retryable: true, meaning: 'Too many live clients or too much work at once.' },
  STORE_UNAVAILABLE: { status: 503, retryable: true, meaning: 'The database cannot be written now.' },
  STORE_FULL: { status: 507, retryable: true, meaning: 'The disk that holds the database is full.' },
  STORE_LOCKED: { status: 500, retryable: false, meaning: 'Another process has the database open.' },
  STORE_NEWER: { status: 500, retryable: false, meaning: 'A newer Silentgate wrote the database.' },
  STORE_UNSAFE: { status: 500, retryable: false, meaning: 'The database or its folder is not safe to use.' },
  STORE_DAMAGED: { status: 503, retryable: false, meaning: 'The database is damaged: restore the last backup.' },
  STORE_OTHER_SITE: {
    status: 500,
    retryable: false,
    meaning: 'The data folder or the backup belongs to another site.',
  },
  MEMORY_LOW: {
    status: 500,
    retryable: false,
    meaning: 'The memory limit is below what the tags that are present need.',
  },
  BACKUP_INVALID: { status: 400, retryable: false, meaning: 'The backup file cannot be restored.' },
  RECORDING_INVALID: { status: 400, retryable: false, meaning: 'The recording cannot be replayed.' },
  LINK_LOST: { status: 503, retryable: true, meaning: 'The channel to a reader or broker is closed.' },
  LINK_DENIED: { status: 503, retryable: true, meaning: 'The device or broker refuses access.' },
  LINK_NOT_FOUND: { status: 503, retryable: true, meaning: 'The device path or address does not exist.' },
  READER_TIMEOUT: { status: 504, retryable: true, meaning: 'The reader did not answer in time.' },
  READER_REFUSED: { status: 502, retryable: false, meaning: 'The reader answered with an error code.' },
  DESTINATION_REFUSED: { status: 502, retryable: false, meaning: 'The CRM refused the event for good.' },
  DESTINATION_UNAVAILABLE: { status: 502, retryable: true, meaning: 'The CRM cannot be reached or failed.' },
  PORT_TAKEN: { status: 500, retryable: false, meaning: 'Another program listens on this port.' },
  SECRET_MISSING: { status: 500, retryable: false, meaning: 'A secret named in the configuration cannot be read.' },
} as const satisfies Record<string, { status: number; retryable: boolean; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** The one error class that is thrown on purpose; everything else that is thrown is a bug. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;
  /** What `message` says, for programs and translations; null where nothing but the code is for them. */
  readonly fault: Fault | null;

  /** `message` is one plain sentence for a human: what is wrong and what to do. `context` holds fields for the log. */
  constructor(
    code: ErrorCode,
    message: string,
    context: Record<string, unknown> = {},
    cause?: unknown,
    fault: Fault | null = null,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GatewayError';
    this.code = code;
    this.context = context;
    this.fault = fault;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
