import type { CommandError } from '../commands/result.ts';
import { inner, numberIn, type Told, textIn } from './tree.ts';

/** What a reader says to a request: 0 is success. `text` is a phrase for people. */
export type LlrpStatus = { readonly code: number; readonly text: string };

const texts: Readonly<Record<number, string>> = {
  100: 'a parameter is wrong',
  101: 'a field is wrong',
  102: 'an unexpected parameter',
  103: 'a parameter is missing',
  104: 'a parameter comes twice',
  105: 'parameters overflow',
  106: 'fields overflow',
  107: 'an unknown parameter',
  108: 'an unknown field',
  109: 'the message is not supported',
  110: 'the version is not supported',
  111: 'a parameter is not supported',
  112: 'the message was not expected now',
  200: 'a parameter is wrong',
  201: 'a field is wrong',
  300: 'a value is invalid',
  301: 'a value is out of range',
  401: 'the device has an error',
};

/** The LLRPStatus of an answer; success where it has none (CUSTOM_MESSAGE answers of some firmwares). */
export function statusOf(told: Told): LlrpStatus {
  const status = inner(told, 'LLRPStatus');
  const code = numberIn(status, 'code');
  return { code, text: textIn(status, 'text') };
}

/** `ROSpec 1 already exists (101)`; what the code means where the reader gives no words. */
export function statusText({ code, text }: LlrpStatus): string {
  return `${text.trim().slice(0, 200) || (texts[code] ?? 'no reason given')} (${code})`;
}

/** The status in the neutral words of every family; null for success. */
export function neutralOf({ code }: LlrpStatus): CommandError | null {
  if (code === 0) return null;
  if ([109, 110, 111].includes(code)) return 'unsupported';
  return code === 401 ? 'internal' : 'parameter';
}
