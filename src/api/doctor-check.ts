import { findingCodes } from '../readers/index.ts';

/** One finding: `code` and `params` for programs and translations, `text` and `next` (what to do) for people. */
export type Check = {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly code: CheckCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly text: string;
  readonly next: string | null;
};

/** Every code that a finding can have. */
export const checkCodes = [
  'CONFIG_OK',
  'CONFIG_CHANGED',
  'CONFIG_NEEDS_RESTART',
  'CONFIG_BROKEN',
  'STORE_OK',
  'STORE_UNWRITABLE',
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
  ...findingCodes,
  'DESTINATION_OK',
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
): Check {
  return { name, state, code, params, text, next };
}

/** A clock this far off is told, ms. */
export const clockWarnMs = 2000;
