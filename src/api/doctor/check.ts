import type { Fault } from '../../kit/index.ts';
import { findingCodes } from '../../readers/index.ts';

/**
 * One finding: `code`, `params` and the `faults` behind it for programs and translations, `text` and `next` (what to do) for
 * people.
 */
export type Check = {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly code: CheckCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** What the `error` among the params says, as far as it is the gateway’s own. */
  readonly faults: readonly Fault[];
  readonly text: string;
  readonly next: string | null;
};

/** Every code that a finding can have. */
export const checkCodes = [
  'CONFIG_OK',
  'CONFIG_CHANGED',
  'CONFIG_NEEDS_RESTART',
  'CONFIG_CERTIFICATE_RENEWED',
  'CONFIG_BROKEN',
  'STORE_OK',
  'STORE_UNWRITABLE',
  'STORE_DAMAGED',
  'DISK_OK',
  'DISK_LOW',
  'DISK_FULL',
  'DISK_UNKNOWN',
  'CLOCK_OK',
  'CLOCK_WRONG',
  'CLOCK_BACK',
  'HTTP_OPEN',
  'BROKER_OK',
  'BROKER_OPEN',
  'BROKER_OFFLINE',
  'BROKER_ACCOUNTS_MISSING',
  'BROKER_SIGN_IN_REFUSED',
  'BROKER_ID_REFUSED',
  'BROKER_TOPIC_REFUSED',
  'BROKER_FILTER_REFUSED',
  'BROKER_OVERLOAD',
  ...findingCodes,
  'DESTINATION_OK',
  'DESTINATION_UNTESTED',
  'DESTINATION_RETRYING',
  'DESTINATION_PAUSED',
  'DESTINATION_DISABLED',
  'DESTINATION_DEAD',
] as const;
export type CheckCode = (typeof checkCodes)[number];

/** A finding; `next` is null where there is nothing to do. */
export function check(
  name: string,
  state: Check['state'],
  code: CheckCode,
  text: string,
  next: string | null = null,
  params: Check['params'] = {},
  faults: Check['faults'] = [],
): Check {
  return { name, state, code, params, faults, text, next };
}

/** A clock this far off is told, ms. */
export const clockWarnMs = 2000;
