import { checkDigit } from '../bits/digits.ts';
import { newWriter } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { putAidc } from '../plus/aidc.ts';

/** Digits of an AI's value up to its check digit [GS1 General Specifications 3]. */
export const checkedDigits: Readonly<Record<string, number>> = {
  '00': 18,
  '01': 14,
  '02': 14,
  '253': 13,
  '255': 13,
  '402': 17,
  '410': 13,
  '411': 13,
  '412': 13,
  '413': 13,
  '414': 13,
  '415': 13,
  '416': 13,
  '417': 13,
  '8003': 14,
  '8006': 14,
  '8017': 18,
  '8018': 18,
};
/** AIs that hold a day. */
export const dayAis = ['11', '12', '13', '15', '16', '17'];

/** Why a value of the right format is wrong all the same: its check digit, or a day that no calendar has. `null` when it is right. */
export function valueProblem(ai: string, value: string): TagError | null {
  if (dayAis.includes(ai)) return putAidc(newWriter(), [ai, value]);
  const count = checkedDigits[ai];
  if (count === undefined) return null;
  const expected = checkDigit(value.slice(0, count - 1));
  if (value.charAt(count - 1) === expected) return null;
  return tagError('CHECK_DIGIT', `The check digit of AI ${ai} is wrong.`, count - 1, expected);
}
