import type { Fault } from '../kit/index.ts';
import type { FindingCode } from './finding-codes.ts';

/** One thing that supervision found: `code` and `params` for programs and translations, `text` and `next` for people. */
export type Finding = {
  readonly code: FindingCode;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly params: Readonly<Record<string, string | number>>;
  /** What is behind it, which `{error}` in the text says; empty where it has no `{error}` of the gateway’s own. */
  readonly faults: readonly Fault[];
  readonly text: string;
  /** What to do; null where there is nothing. */
  readonly next: string | null;
};
