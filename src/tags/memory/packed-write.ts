import { isDigits } from '../bits/digits.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { set82 } from '../text/charset.ts';
import { binary, ebv, lengthBits, packedDsfid, widthOf } from './packed-bits.ts';
import { valueProblem } from './packed-check.ts';
import { idBase, type PackedPart, type PackedRow, packedRows } from './packed-table.ts';
import { numberBits, textBits } from './packed-text.ts';

type Unit = { readonly row: PackedRow; readonly secondary: string; readonly parts: readonly PackedPart[] };

/** The entry that holds exactly these AIs: one, or two that share an ID Value. */
function unitOf(...ais: readonly string[]): Unit | null {
  if (!ais.every(isDigits)) return null;
  for (const row of packedRows) {
    const whole = (ai: string) => (row.range === 1 ? ai : ai.slice(0, -1));
    const choice = row.choices.findIndex(
      (parts) => parts !== null && [...new Set(parts.map(({ ai }) => ai))].join() === ais.map(whole).join(),
    );
    const digit = row.range === 1 ? 0 : Number(ais[0]?.slice(-1));
    const parts = row.choices[choice];
    if (parts === undefined || parts === null || digit >= row.range) continue;
    const bits = row.choiceBits === 0 ? '' : binary(choice, row.choiceBits);
    return { row, secondary: bits + (row.range === 1 ? '' : binary(digit, widthOf(row.range))), parts };
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

/** What one part holds: all digits or characters that its format takes from `value`, of which `rest` parts follow. */
function partOf(value: string, { format }: PackedPart, rest: number): string {
  return rest === 0 ? value : value.slice(0, format.max);
}

function misfit(ai: string, { kind, min, max }: PackedPart['format']): TagError {
  return tagError(
    'BAD_CHARACTER',
    `AI ${ai} cannot hold this.`,
    null,
    `${min} to ${max} ${kind === 'digits' ? 'digits' : 'characters'}`,
  );
}

/** Adds one part; `open` is the last text, whose length is not written. */
function addPart(
  sections: Sections,
  ai: string,
  { format }: PackedPart,
  value: string,
  open: boolean,
): TagError | null {
  const digits = format.kind === 'digits';
  if (value.length < format.min || value.length > format.max || (digits && !isDigits(value))) return misfit(ai, format);
  if (format.min !== format.max && !open) sections.lengths += lengthBits(format, value.length);
  if (digits) sections.numbers += numberBits(value);
  else sections.text += value;
  return null;
}

/** The elements by ID Value: two that share one come together, whichever stands first. */
function unitsOf(data: readonly Pair[]): { unit: Unit; pairs: readonly Pair[] }[] | TagError {
  const units: { unit: Unit; pairs: readonly Pair[] }[] = [];
  const left = [...data];
  for (let pair = left.shift(); pair !== undefined; pair = left.shift()) {
    const [ai] = pair;
    const single = unitOf(ai);
    const mate = single === null ? left.findIndex(([other]) => unitOf(ai, other) ?? unitOf(other, ai)) : -1;
    const pairs =
      mate < 0 ? [pair] : [pair, ...left.splice(mate, 1)].sort(([a], [b]) => (unitOf(a, b) === null ? 1 : -1));
    const unit = single ?? unitOf(...pairs.map(([one]) => one));
    if (unit === null)
      return tagError('UNKNOWN_AI', `AI ${ai} has no place in user memory.`, null, 'an AI of the table');
    units.push({ unit, pairs });
  }
  return units;
}

function sectionsOf(units: readonly { unit: Unit; pairs: readonly Pair[] }[]): Sections | TagError {
  const sections: Sections = { ids: [], secondary: '', lengths: '', numbers: '', text: '' };
  const parts = units.flatMap(({ unit, pairs }) =>
    pairs.flatMap(([ai, value]) => {
      const own = unit.parts.filter((part) => ai.startsWith(part.ai));
      return own.map((part, at) => {
        const before = own.slice(0, at).reduce((sum, { format }) => sum + format.max, 0);
        return { ai, part, value: partOf(value.slice(before), part, own.length - 1 - at) };
      });
    }),
  );
  const last = parts.findLastIndex(({ part }) => part.format.kind === 'text');
  for (const [at, { ai, part, value }] of parts.entries()) {
    const error = addPart(sections, ai, part, value, at === last);
    if (error !== null) return error;
  }
  // A text of no characters has no form that the rules make clear.
  if (last >= 0 && sections.text === '')
    return tagError('TOO_SHORT', 'There is no text to write.', null, '1 character or more');
  for (const { unit } of units) {
    sections.ids.push(unit.row.id);
    sections.secondary += unit.secondary;
  }
  return sections;
}

/**
 * User memory (upper-case hex of whole words, DSFID first) that holds these elements as one packed object. Refused are AIs outside the
 * table and values that do not fit their format, have a wrong check digit or name a day that is none.
 */
export function writePackedObjects(
  data: readonly Pair[],
): { readonly ok: true; readonly hex: string } | { readonly ok: false; readonly error: TagError } {
  const units = unitsOf(data);
  if ('code' in units) return { ok: false, error: units };
  const sections = sectionsOf(units);
  if ('code' in sections) return { ok: false, error: sections };
  for (const [ai, value] of data) {
    const error = valueProblem(ai, value);
    if (error !== null) return { ok: false, error };
  }
  const text = sections.text === '' ? '' : textBits(sections.text);
  if (data.length === 0 || text === null) {
    const error = tagError('BAD_CHARACTER', 'Nothing to write, or a character outside the set.', null, set82.name);
    return { ok: false, error };
  }
  const { ids, secondary, lengths, numbers } = sections;
  const body = `${ebv(ids.length - 1, 3)}${idBits(ids)}${secondary}1${lengths}${numbers}${text}`;
  const hex = `${packedDsfid}${hexOf(sealed(body))}00`;
  return { ok: true, hex: hex.padEnd(Math.ceil(hex.length / 4) * 4, '0') };
}
