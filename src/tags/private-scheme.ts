import { checkDigit, decimalAt, isDigits } from './bits/digits.ts';
import { wordsOf } from './bits/hex.ts';
import { isZero, narrowAt, type Words } from './bits/words.ts';
import { type BitWriter, fits, hexOf, newWriter, put } from './bits/writer.ts';
import { identityOf } from './decode.ts';
import type { Epc, TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { escapeUrn } from './text/escape.ts';

/** How the bits of a house field are meant: a number, digits with leading zeros (`size` of them), hex digits, or characters of 7 or 8 bits. */
export type PrivateField = {
  /** `gtin` (any length of GTIN, check digit included) counts the thing as that trade item. */
  readonly name: string;
  readonly bits: number;
  readonly as: 'number' | 'digits' | 'hex' | 'ascii7' | 'ascii8';
  /** Number of digits, for `digits`. */
  readonly size?: number | undefined;
  /** The field must hold this; how a tag of this scheme is known. */
  readonly equals?: string | undefined;
};

/** A store's own layout of the EPC field, from bit 20h on, in order. */
export type PrivateScheme = { readonly name: string; readonly fields: readonly PrivateField[] };

const maxBits = 496;

function fieldProblem(field: PrivateField): TagError | null {
  const width = field.as === 'hex' ? 4 : field.as === 'ascii7' ? 7 : field.as === 'ascii8' ? 8 : 1;
  if (!Number.isInteger(field.bits) || field.bits < 1 || field.bits % width !== 0) {
    return tagError('SYNTAX', `Field ${field.name} has a wrong number of bits.`, null, `a multiple of ${width}`);
  }
  if (field.as === 'digits' && !(Number(field.size) > 0)) {
    return tagError('SYNTAX', `Field ${field.name} does not say how many digits it has.`, null, 'size');
  }
  if (field.equals === undefined) return null;
  return writeField(newWriter(), field, field.equals);
}

/** Why a private scheme cannot be used, or `null`: names, widths, and no way to know its tags. */
export function privateSchemeProblem(scheme: PrivateScheme): TagError | null {
  if (!/^[a-z][a-z0-9-]*$/.test(scheme.name)) return tagError('SYNTAX', 'The name is not valid.', null, 'a-z 0-9 -');
  const bits = scheme.fields.reduce((sum, field) => sum + field.bits, 0);
  if (bits < 16 || bits > maxBits) return tagError('TOO_LONG', 'The fields do not fit.', null, `16 to ${maxBits} bits`);
  if (new Set(scheme.fields.map((field) => field.name)).size < scheme.fields.length) {
    return tagError('SYNTAX', 'Two fields have the same name.', null, 'a name each');
  }
  if (scheme.fields.every((field) => field.equals === undefined)) {
    return tagError('SYNTAX', 'Nothing tells this scheme from others.', null, 'a field with equals');
  }
  for (const field of scheme.fields) {
    const problem = fieldProblem(field);
    if (problem !== null) return problem;
  }
  return null;
}

function readCharacters(words: Words, from: number, field: PrivateField, width: number): string | null {
  let text = '';
  for (let at = from; at < from + field.bits; at += width) {
    const code = narrowAt(words, at, width);
    if (code === 0) return isZero(words, at, from + field.bits) ? text : null;
    if (code < 32 || code > 126) return null;
    text += String.fromCharCode(code);
  }
  return text;
}

function readField(words: Words, from: number, field: PrivateField): string | null {
  if (field.as === 'ascii7') return readCharacters(words, from, field, 7);
  if (field.as === 'ascii8') return readCharacters(words, from, field, 8);
  if (field.as === 'hex') {
    let text = '';
    for (let at = from; at < from + field.bits; at += 4) text += narrowAt(words, at, 4).toString(16).toUpperCase();
    return text;
  }
  const value = decimalAt(words, from, field.bits);
  if (field.as === 'number') return value;
  return value.length > Number(field.size) ? null : value.padStart(Number(field.size), '0');
}

function misfit(field: PrivateField, expected: string): TagError {
  return tagError('FIELD_OVERFLOW', `Field ${field.name} cannot hold this.`, null, expected);
}

function writeNumber(writer: BitWriter, field: PrivateField, value: string): TagError | null {
  const sized = field.as === 'number' || value.length === Number(field.size);
  if (value === '' || !isDigits(value) || !sized || !fits(value, field.bits))
    return misfit(field, `${field.bits} bits`);
  put(writer, value, field.bits);
  return null;
}

function writeField(writer: BitWriter, field: PrivateField, value: string): TagError | null {
  if (field.as === 'number' || field.as === 'digits') return writeNumber(writer, field, value);
  if (field.as === 'hex') {
    if (value.length * 4 !== field.bits || !/^[0-9A-F]+$/.test(value))
      return misfit(field, `${field.bits / 4} hex digits`);
    put(writer, `0x${value}`, field.bits);
    return null;
  }
  const width = field.as === 'ascii7' ? 7 : 8;
  if (value.length * width > field.bits || !/^[ -~]*$/.test(value))
    return misfit(field, `${field.bits / width} characters`);
  for (const character of value) put(writer, character.charCodeAt(0), width);
  put(writer, 0, field.bits - value.length * width);
  return null;
}

/** GTIN-14 of a field named `gtin`, where its check digit is right. */
function gtinOf(fields: Readonly<Record<string, string>>): string | null {
  const gtin = fields['gtin']?.padStart(14, '0');
  if (gtin === undefined || gtin.length !== 14 || !isDigits(gtin)) return null;
  return gtin.endsWith(checkDigit(gtin.slice(0, -1))) ? gtin : null;
}

function readScheme(scheme: PrivateScheme, hex: string): Epc | null {
  const words = wordsOf(hex);
  if (words === null) return null;
  const fields: Record<string, string> = {};
  const values: string[] = [];
  let from = 0;
  for (const field of scheme.fields) {
    if (from + field.bits > hex.length * 4) return null;
    const value = readField(words, from, field);
    if (value === null || (field.equals !== undefined && field.equals !== value)) return null;
    fields[field.name] = value;
    if (field.equals === undefined) values.push(escapeUrn(value));
    from += field.bits;
  }
  if (!isZero(words, from, hex.length * 4)) return null;
  const id = `urn:silentgate:tag:${scheme.name}:${values.join('.')}`;
  const forms = { tagUri: null, epcUri: null, elementString: null, digitalLink: null, filter: null };
  const whole = hex.slice(0, Math.ceil(from / 16) * 4).toUpperCase();
  return { scheme: scheme.name, hex: whole, id, ...forms, gtin: gtinOf(fields), fields, data: [], marks: [] };
}

/**
 * `identityOf` that knows private schemes too: the first whose fixed fields fit, else the standard's. The schemes must have passed
 * `privateSchemeProblem`.
 */
export function privateIdentities(schemes: readonly PrivateScheme[]): typeof identityOf {
  return (hex) => {
    for (const scheme of schemes) {
      const epc = readScheme(scheme, hex);
      if (epc !== null) return { epc, problem: null };
    }
    return identityOf(hex);
  };
}

/** Writes a tag of a private scheme; fields with `equals` need no value. The result's `hex` is set. */
export function encodePrivate(scheme: PrivateScheme, values: Readonly<Record<string, string>>): TagResult {
  const writer = newWriter();
  for (const field of scheme.fields) {
    const error = writeField(writer, field, field.equals ?? values[field.name] ?? '');
    if (error !== null) return { ok: false, error };
  }
  const hex = hexOf(writer);
  const epc = readScheme(scheme, hex);
  return epc === null
    ? { ok: false, error: tagError('NOT_ENCODABLE', 'The values do not come back from these bits.') }
    : { ok: true, epc };
}
