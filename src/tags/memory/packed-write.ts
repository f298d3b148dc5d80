import { isDigits } from '../bits/digits.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { set82 } from '../text/charset.ts';
import { binary, ebv, lengthBits, packedDsfid, widthOf } from './packed-bits.ts';
import { idBase, type PackedFormat, type PackedRow, packedRows } from './packed-table.ts';
import { numberBits, textBits } from './packed-text.ts';

function rowOf(ai: string): { row: PackedRow; secondary: string; format: PackedFormat } | null {
  for (const row of packedRows) {
    const prefix = row.range === 1 ? ai : ai.slice(0, -1);
    const choice = row.choices.findIndex((one) => one.ai === prefix);
    const digit = row.range === 1 ? 0 : Number(ai.slice(-1));
    const format = row.choices[choice]?.format;
    if (format === undefined || digit >= row.range) continue;
    const bits = row.choiceBits === 0 ? '' : binary(choice, row.choiceBits);
    return { row, secondary: bits + (row.range === 1 ? '' : binary(digit, widthOf(row.range))), format };
  }
  return null;
}

function idBits(ids: readonly number[]): string {
  let bits = '';
  for (let at = 0; at < ids.length; at += 2) {
    const [first = 0, second] = ids.slice(at, at + 2);
    bits += second === undefined ? binary(first, 7) : binary(first * idBase + second, 13);
  }
  return bits;
}

/** Puts length and pad bit in front and fills the last byte. */
function sealed(body: string): string {
  const width = body.length + 7 > 31 * 8 ? 12 : 6;
  const bits = width + 1 + body.length;
  const octets = Math.max(4, Math.ceil(bits / 8));
  const pad = octets * 8 - bits;
  return ebv(octets, 6) + (pad > 0 ? '1' : '0') + body + (pad > 0 ? '1'.padEnd(pad, '0') : '');
}

function hexOf(bits: string): string {
  let hex = '';
  for (let at = 0; at < bits.length; at += 4)
    hex += Number.parseInt(bits.slice(at, at + 4), 2)
      .toString(16)
      .toUpperCase();
  return hex;
}

type Pair = readonly [ai: string, value: string];
type Sections = { ids: number[]; secondary: string; lengths: string; numbers: string; text: string };

/** Adds one element; `open` is the last text, whose length is not written. */
function add(sections: Sections, [ai, value]: Pair, open: boolean): TagError | null {
  const found = rowOf(ai);
  if (found === null)
    return tagError('UNKNOWN_AI', `AI ${ai} has no place in user memory.`, null, 'an AI of the table');
  const { format, row, secondary } = found;
  const digits = format.kind === 'digits';
  if (value.length < format.min || value.length > format.max || (digits && !isDigits(value))) {
    const expected = `${format.min} to ${format.max} ${digits ? 'digits' : 'characters'}`;
    return tagError('BAD_CHARACTER', `AI ${ai} cannot hold this.`, null, expected);
  }
  sections.ids.push(row.id);
  sections.secondary += secondary;
  if (format.min !== format.max && !open) sections.lengths += lengthBits(format, value.length);
  if (digits) sections.numbers += numberBits(value);
  else sections.text += value;
  return null;
}

/**
 * User memory (upper-case hex of whole words, DSFID first) that holds these elements as one packed object. Refused are AIs outside the
 * table and values that do not fit their format.
 */
export function writePackedObjects(
  data: readonly Pair[],
): { readonly ok: true; readonly hex: string } | { readonly ok: false; readonly error: TagError } {
  const sections: Sections = { ids: [], secondary: '', lengths: '', numbers: '', text: '' };
  const last = data.findLastIndex(([ai]) => rowOf(ai)?.format.kind === 'text');
  for (const [at, pair] of data.entries()) {
    const error = add(sections, pair, at === last);
    if (error !== null) return { ok: false, error };
  }
  const text = sections.text === '' ? '' : textBits(sections.text);
  if (data.length === 0 || text === null) {
    const error = tagError('BAD_CHARACTER', 'Nothing to write, or a character outside the set.', null, set82.name);
    return { ok: false, error };
  }
  const { ids, secondary, lengths, numbers } = sections;
  const body = `${ebv(data.length - 1, 3)}${idBits(ids)}${secondary}1${lengths}${numbers}${text}`;
  const hex = `${packedDsfid}${hexOf(sealed(body))}00`;
  return { ok: true, hex: hex.padEnd(Math.ceil(hex.length / 4) * 4, '0') };
}
