import type { Field } from '../row.ts';
import type { CharSet } from '../text/charset.ts';
import type { Second } from './partition.ts';
import { type BitReader, need, refuse } from './reader.ts';
import { narrowAt } from './words.ts';
import { type BitWriter, put } from './writer.ts';

/** A 6-bit value as its character: the low six bits of ASCII [TDS table G-1]. */
function characterOf(value: number): number {
  return value < 32 ? value + 64 : value;
}

type Rules = { readonly set: CharSet; readonly min: number; readonly max: number; readonly hashFirst: boolean };

function allowed(rules: Rules, code: number, at: number): boolean {
  return rules.set.has[code] === 1 || (rules.hashFirst && at === 0 && code === 35);
}

/** Characters of 6 bits up to the value 000000, sought at steps of 6 from the field's start [TDS 14.4.4]. */
function readText(reader: BitReader, rules: Rules): string {
  let text = '';
  while (need(reader, 6)) {
    const value = narrowAt(reader.words, reader.at, 6);
    if (value === 0) break;
    const code = characterOf(value);
    if (text.length === rules.max) {
      refuse(reader, 'TOO_LONG', 'The text is too long.', `at most ${rules.max} characters`);
      return '';
    }
    if (!allowed(rules, code, text.length)) {
      refuse(reader, 'BAD_CHARACTER', 'This character may not stand here.', rules.set.name);
      return '';
    }
    text += String.fromCharCode(code);
    reader.at += 6;
  }
  if (reader.problem !== null) return '';
  if (text.length < rules.min || (rules.hashFirst && text === '#'))
    refuse(reader, 'BAD_CHARACTER', 'The text is empty.', rules.set.name);
  reader.at += 6;
  return text;
}

function writeText(writer: BitWriter, value: string): null {
  for (const character of value) put(writer, character.charCodeAt(0) & 63, 6);
  put(writer, 0, 6);
  return null;
}

/** A zero-terminated string of 6-bit characters (ADI). */
export function string6(name: string, set: CharSet, min: number, max: number, hashFirst = false): Field {
  const rules = { set, min, max, hashFirst };
  return {
    names: [name],
    domains: [{ kind: 'text', set, min, max, ...(hashFirst ? { hashFirst } : {}) }],
    bits: `${min * 6 + 6} to ${max * 6 + 6}`,
    method: '6-bit variable string',
    read(reader, values, first) {
      values[first] = readText(reader, rules);
    },
    write: (writer, values, first) => writeText(writer, values[first] ?? ''),
  };
}

/** A zero-terminated 6-bit string as the second field of a partition (CPI-var); `bits` is the most it may take. */
export function string6Reference(
  name: string,
  set: CharSet,
  bits: readonly number[],
  sizes: readonly number[],
): Second {
  const rules = (max: number) => ({ set, min: 1, max, hashFirst: false });
  return {
    name,
    bits,
    sizes,
    method: '6-bit variable string',
    holds: set,
    read: (reader, _, size) => readText(reader, rules(size)),
    write: (writer, value) => writeText(writer, value),
  };
}

/**
 * A CAGE (5) or DoDAAC (6 characters) in six characters of `width` bits; before a CAGE stands a blank [TDS 14.3.6, 14.3.9].
 */
export function cageCode(name: string, width: 6 | 8, set: CharSet): Field {
  const code = (value: number) => (width === 6 ? characterOf(value) : value);
  return {
    names: [name],
    domains: [{ kind: 'pattern', test: /^[0-9A-HJ-NP-Z]{5,6}$/, says: set.name }],
    bits: String(width * 6),
    method: width === 6 ? '6-bit CAGE/DoDAAC' : '8-bit CAGE/DoDAAC',
    read(reader, values, first) {
      if (!need(reader, width * 6)) return;
      let text = '';
      for (let at = 0; at < 6; at++, reader.at += width) {
        const character = code(narrowAt(reader.words, reader.at, width));
        if (character === 32 && at === 0) continue;
        if (set.has[character] !== 1) {
          return refuse(reader, 'BAD_CHARACTER', 'This is no character of a CAGE or DoDAAC.', set.name);
        }
        text += String.fromCharCode(character);
      }
      values[first] = text;
    },
    write(writer, values, first) {
      const value = values[first] ?? '';
      for (const character of value.padStart(6, ' ')) put(writer, character.charCodeAt(0) & (2 ** width - 1), width);
      return null;
    },
  };
}
