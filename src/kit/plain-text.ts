/** Why a text cannot be a name: it has a control character, or one that turns the direction of writing. */
export type TextFault = 'CONTROL_CHARACTER' | 'BIDI_CONTROL';

const controls = '\\u0000-\\u001f\\u007f';
/** Embeddings, overrides, isolates and marks of Unicode's bidirectional algorithm [UAX 9, 2]: they make a text look like another. */
const bidi = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';

/** A regular expression for schemas: a text without control characters and without characters that turn the direction of writing. */
export const plainTextPattern = `^[^${controls}${bidi}]*$`;

const control = new RegExp(`[${controls}]`);
const turning = new RegExp(`[${bidi}]`);

/** What is wrong with a text that is to be shown to people, or null. The same rule as `plainTextPattern`. */
export function textFault(text: string): TextFault | null {
  if (control.test(text)) return 'CONTROL_CHARACTER';
  return turning.test(text) ? 'BIDI_CONTROL' : null;
}
