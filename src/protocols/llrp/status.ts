import { type Fault, type FaultCode, fault, faultTable } from '../../kit/index.ts';
import type { CommandError } from '../command-error.ts';
import { inner, type MessageTree, numberIn, textIn } from './tree.ts';

/** What a reader says to a request: 0 is success. `text` is a phrase for people. */
export type LlrpStatus = { readonly code: number; readonly text: string };

/** The LLRPStatus of an answer; success where it has none (CUSTOM_MESSAGE answers of some firmwares). */
export function statusOf(told: MessageTree): LlrpStatus {
  const status = inner(told, 'LLRPStatus');
  const code = numberIn(status, 'code');
  return { code, text: textIn(status, 'text') };
}

/** Why a request was refused: in the reader’s words, else what the code means. */
export function statusFault({ code: status, text }: LlrpStatus): Fault {
  const words = text.trim().slice(0, 200);
  if (words !== '') return fault('LLRP_STATUS_SAID', { text: words, status });
  const code = `LLRP_STATUS_${status}`;
  return isKnown(code) ? fault(code) : fault('LLRP_STATUS_ODD', { status });
}

type KnownStatus = Extract<FaultCode, `LLRP_STATUS_${number}`>;

function isKnown(code: string): code is KnownStatus {
  return Object.hasOwn(faultTable, code);
}

/** The status in the neutral words of every family; null for success. */
export function neutralOf({ code }: LlrpStatus): CommandError | null {
  if (code === 0) return null;
  if ([109, 110, 111].includes(code)) return 'unsupported';
  return code === 401 ? 'internal' : 'parameter';
}
