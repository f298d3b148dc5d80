import { type BitReader, mark, need, refuse } from '../bits/reader.ts';
import { narrowAt } from '../bits/words.ts';
import { type BitWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { type CharSet, set82, strayAt } from '../text/charset.ts';
import { type FieldMethod, integerBits, lengthFits, readInteger, sizeProblem } from './method.ts';

const base64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** URN Code 40: PAD, A-Z, `-`, `.`, `:`, 0-9 [TDS table B-2]. The PAD stands as a blank. */
const code40 = ' ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789';

const characterSets = ['0123456789', '0123456789ABCDEF', '0123456789abcdef', base64Url, '', code40.slice(1)].map(
  (members) => Uint8Array.from({ length: 128 }, (_, code) => (members.includes(String.fromCharCode(code)) ? 1 : 0)),
);

/** Bits of `length` characters under encoding indicator `indicator` [TDS table E]. */
function bitsOf(indicator: number, length: number): number {
  if (indicator === 0) return integerBits(length);
  if (indicator === 5) return Math.ceil(length / 3) * 16;
  return length * (indicator < 3 ? 4 : indicator === 3 ? 6 : 7);
}

function holds(indicator: number, text: string): boolean {
  const members = characterSets[indicator];
  for (let at = 0; at < text.length; at++) if (members?.[text.charCodeAt(at)] !== 1) return false;
  return true;
}

/** The encoding indicator that takes the fewest bits for `text`; the lowest of equals. */
export function shortest(text: string): number {
  let best = 4;
  for (const indicator of [5, 3, 2, 1, 0]) {
    if (bitsOf(indicator, text.length) <= bitsOf(best, text.length) && holds(indicator, text)) best = indicator;
  }
  return best;
}

function readPlain(reader: BitReader, length: number, width: number, characterOf: (value: number) => string): string {
  let text = '';
  for (let at = 0; at < length; at++, reader.at += width) {
    const character = characterOf(narrowAt(reader.words, reader.at, width));
    if (character === '') {
      refuse(reader, 'BAD_CHARACTER', 'This character is not in the set.', set82.name);
      return '';
    }
    text += character;
  }
  return text;
}

/** `length` characters of URN Code 40, three to 16 bits; unused places hold the PAD. */
export function readCode40(reader: BitReader, length: number): string {
  let text = '';
  for (let left = length; left > 0; left -= 3, reader.at += 16) {
    const value = narrowAt(reader.words, reader.at, 16) - 1;
    const three = [Math.floor(value / 1600), Math.floor(value / 40) % 40, value % 40];
    for (const [at, index] of three.entries()) {
      const pad = index === 0;
      if (value < 0 || value >= 64_000 || pad !== at >= left) {
        refuse(reader, 'BAD_CHARACTER', 'These 16 bits are no URN Code 40 text.', 'A-Z 0-9 - . :');
        return '';
      }
      if (!pad) text += code40.charAt(index);
    }
  }
  return text;
}

/** Appends `text` in URN Code 40. */
export function putCode40(writer: BitWriter, text: string): void {
  for (let at = 0; at < text.length; at += 3) {
    const [a = 0, b = 0, c = 0] = [...text.slice(at, at + 3)].map((character) => code40.indexOf(character));
    put(writer, 1600 * a + 40 * b + c + 1, 16);
  }
}

function readBy(reader: BitReader, indicator: number, length: number, set: CharSet): string {
  // The second part of AI 253 and 8003 may be empty; no method has bits for that.
  if (length === 0 || !need(reader, bitsOf(indicator, length))) return '';
  switch (indicator) {
    case 0:
      return readInteger(reader, length, integerBits(length));
    case 1:
      return readPlain(reader, length, 4, (value) => value.toString(16).toUpperCase());
    case 2:
      return readPlain(reader, length, 4, (value) => value.toString(16));
    case 3:
      return readPlain(reader, length, 6, (value) => base64Url.charAt(value));
    case 4:
      return readPlain(reader, length, 7, (value) => (set.has[value] === 1 ? String.fromCharCode(value) : ''));
    default:
      return readCode40(reader, length);
  }
}

function putBy(writer: BitWriter, indicator: number, text: string): void {
  if (indicator === 0) put(writer, text, integerBits(text.length));
  else if (indicator === 5) putCode40(writer, text);
  else if (indicator === 3) for (const character of text) put(writer, base64Url.indexOf(character), 6);
  else if (indicator === 4) for (const character of text) put(writer, character.charCodeAt(0), 7);
  else for (const character of text) put(writer, Number.parseInt(character, 16), 4);
}

/** Variable-length alphanumeric [TDS 14.5.6]: 3-bit indicator, length, then the characters as compactly as they allow. */
export function alphanumeric(lengthBits: number, max: number, min = 1, set: CharSet = set82): FieldMethod {
  return {
    name: 'Variable-length alphanumeric (14.5.6)',
    bits: `3 + ${lengthBits} + 0 to ${max * 7}`,
    domain: { kind: 'text', set, min, max },
    size: null,
    read(reader) {
      if (!need(reader, 3 + lengthBits)) return '';
      const indicator = narrowAt(reader.words, reader.at, 3);
      if (indicator > 5) {
        refuse(reader, 'RESERVED_VALUE', 'This encoding indicator is reserved.', '0 to 5');
        return '';
      }
      const length = narrowAt(reader.words, reader.at + 3, lengthBits);
      if (!lengthFits(reader, length, min, max)) return '';
      reader.at += 3 + lengthBits;
      const text = length === 0 ? '' : readBy(reader, indicator, length, set);
      if (reader.problem === null && indicator !== shortest(text)) mark(reader, 'NON_SHORTEST');
      return text;
    },
    write(writer, value) {
      const problem = sizeProblem(value.length, min, max) ?? strayProblem(value, set);
      if (problem !== null) return problem;
      const indicator = shortest(value);
      put(writer, indicator, 3);
      put(writer, value.length, lengthBits);
      if (value !== '') putBy(writer, indicator, value);
      return null;
    },
  };
}

function strayProblem(value: string, set: CharSet): TagError | null {
  const stray = strayAt(value, set);
  return stray < 0 ? null : tagError('BAD_CHARACTER', 'This character is not in the set.', stray, set.name);
}

function readDigitsUntilEnd(reader: BitReader, max: number): { digits: string; end: number } {
  let digits = '';
  while (need(reader, 4)) {
    const nibble = narrowAt(reader.words, reader.at, 4);
    if (nibble < 10 && digits.length === max)
      refuse(reader, 'TOO_LONG', 'There are too many digits.', `at most ${max}`);
    else if (nibble > 9 && nibble < 14)
      refuse(reader, 'BAD_CHARACTER', 'This nibble is no decimal digit.', '0-9, E or F');
    if (reader.problem !== null) break;
    reader.at += 4;
    if (nibble > 9) return { digits, end: nibble };
    digits += String(nibble);
  }
  return { digits, end: 0 };
}

/** Delimited/terminated numeric [TDS 14.5.5]: nibbles up to F, or up to E and then a text that goes on. */
export function delimited(max: number, set: CharSet = set82): FieldMethod {
  const rest = (from: number) => alphanumeric(5, max - from, 1, set);
  return {
    name: 'Delimited/terminated numeric (14.5.5)',
    bits: `4 to ${max * 7 + 12}`,
    domain: { kind: 'text', set, min: 1, max },
    size: null,
    read(reader) {
      const { digits, end } = readDigitsUntilEnd(reader, max);
      if (digits === '' && end === 15) refuse(reader, 'TOO_SHORT', 'The value is empty.', 'at least 1', 4);
      if (reader.problem !== null || end === 15) return digits;
      const text = rest(digits.length).read(reader);
      if (text >= '0' && text < ':') mark(reader, 'NON_SHORTEST');
      return digits + text;
    },
    write(writer, value) {
      const problem = sizeProblem(value.length, 1, max);
      if (problem !== null) return problem;
      const first = value.search(/[^0-9]/);
      const digits = first < 0 ? value : value.slice(0, first);
      for (const digit of digits) put(writer, digit, 4);
      put(writer, first < 0 ? 15 : 14, 4);
      return first < 0 ? null : rest(digits.length).write(writer, value.slice(first));
    },
  };
}
