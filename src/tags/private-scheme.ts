import { checkDigit, decimalAt, isDigits } from './bits/digits.ts';
import { wordsOf } from './bits/hex.ts';
import { isZero, narrowAt, type Words } from './bits/words.ts';
import { type BitWriter, fits, hexOf, newWriter, put } from './bits/writer.ts';
import { identityOf } from './decode.ts';
import type { Epc, TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { escapeUrn, unescapeText, urnReserved } from './text/escape.ts';

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
export type PrivateScheme = {
  readonly name: string;
  readonly fields: readonly PrivateField[];
  /** Its tags may begin with the header of a GS1 scheme: then they are taken for this one, and no longer for that. */
  readonly shadowsGs1?: boolean | undefined;
};

/** What is wrong with a private scheme, and where in it: `name`, `fields`, `fields/2/bits`. */
export type PrivateFault = { readonly path: string; readonly error: TagError };

const maxBits = 496;

/** How the URN of a private tag begins; the scheme's name and the values that vary follow. */
export const privateUrn = 'urn:silentgate:tag:';

/** Bits of one digit or character of a field. */
const widths: Readonly<Record<PrivateField['as'], number>> = { number: 1, digits: 1, hex: 4, ascii7: 7, ascii8: 8 };

/** Most digits of a field: more than its bits could hold. */
const maxSize = 150;

const isSize = (size: number) => Number.isInteger(size) && size > 0 && size <= maxSize;

function fieldFault(field: PrivateField, path: string): PrivateFault | null {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(field.name))
    return { path: `${path}/name`, error: tagError('SYNTAX', 'The name is not valid.', null, 'letters and digits') };
  const width = widths[field.as];
  if (!Number.isInteger(field.bits) || field.bits < 1 || field.bits % width !== 0) {
    const text = `Field ${field.name} has a wrong number of bits.`;
    return { path: `${path}/bits`, error: tagError('SYNTAX', text, null, `a multiple of ${width}`) };
  }
  if (field.as === 'digits' && !isSize(Number(field.size))) {
    const text = `Field ${field.name} does not say how many digits it has.`;
    return { path: `${path}/size`, error: tagError('SYNTAX', text, null, `a number of digits, 1 to ${maxSize}`) };
  }
  const error = field.equals === undefined ? null : writeField(newWriter(), field, field.equals);
  return error === null ? null : { path: `${path}/equals`, error };
}

/** The first reason why a private scheme cannot be used, or `null`: names, widths, and no way to know its tags. */
export function privateSchemeFault(scheme: PrivateScheme): PrivateFault | null {
  const bits = scheme.fields.reduce((sum, field) => sum + field.bits, 0);
  if (!/^[a-z][a-z0-9-]*$/.test(scheme.name))
    return { path: 'name', error: tagError('SYNTAX', 'The name is not valid.', null, 'a-z 0-9 -') };
  if (bits < 16 || bits > maxBits)
    return {
      path: 'fields',
      error: tagError('TOO_LONG', 'The fields do not fit.', null, `16 to ${maxBits} bits in all`),
    };
  if (new Set(scheme.fields.map((field) => field.name)).size < scheme.fields.length)
    return { path: 'fields', error: tagError('SYNTAX', 'Two fields have the same name.', null, 'a name each') };
  if (scheme.fields.every((field) => field.equals === undefined))
    return {
      path: 'fields',
      error: tagError('SYNTAX', 'Nothing tells this scheme from others.', null, 'a field with equals'),
    };
  for (const [at, field] of scheme.fields.entries()) {
    const fault = fieldFault(field, `fields/${at}`);
    if (fault !== null) return fault;
  }
  return null;
}

/** `privateSchemeFault` without the place. */
export function privateSchemeProblem(scheme: PrivateScheme): TagError | null {
  return privateSchemeFault(scheme)?.error ?? null;
}

/** The bits that all tags of a scheme share: 0, 1, and x for those that vary. */
export function fixedBits(scheme: PrivateScheme): string {
  return scheme.fields.map((field) => fixedPart(field)).join('');
}

function fixedPart(field: PrivateField): string {
  const writer = newWriter();
  if (field.equals === undefined || writeField(writer, field, field.equals) !== null) return 'x'.repeat(field.bits);
  return writer.bits;
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
    if (field.equals === undefined) values.push(escapeUrn(value).replaceAll('.', '%2E'));
    from += field.bits;
  }
  if (!isZero(words, from, hex.length * 4)) return null;
  const id = `${privateUrn}${scheme.name}:${values.join('.')}`;
  const forms = { tagUri: id, epcUri: null, elementString: null, digitalLink: null, filter: null };
  const whole = hex.slice(0, Math.ceil(from / 16) * 4).toUpperCase();
  return { scheme: scheme.name, hex: whole, id, ...forms, gtin: gtinOf(fields), fields, data: [], marks: [] };
}

/** The tag of the first private scheme whose fixed fields fit, or `null`. The schemes must have passed `privateSchemeProblem`. */
export function privateEpc(schemes: readonly PrivateScheme[], hex: string): Epc | null {
  for (const scheme of schemes) {
    const epc = readScheme(scheme, hex);
    if (epc !== null) return epc;
  }
  return null;
}

/** `identityOf` that knows private schemes too: the first whose fixed fields fit, else the standard's. */
export function privateIdentities(schemes: readonly PrivateScheme[]): typeof identityOf {
  return (hex) => {
    const epc = privateEpc(schemes, hex);
    return epc === null ? identityOf(hex) : { epc, problem: null };
  };
}

/** Reads the URN of a private tag, `urn:silentgate:tag:NAME:…`, with its values in the order of the fields. */
export function parsePrivate(schemes: readonly PrivateScheme[], text: string): TagResult {
  const name = text.slice(privateUrn.length).split(':', 1)[0] ?? '';
  const scheme = schemes.find((one) => one.name === name);
  if (scheme === undefined)
    return { ok: false, error: tagError('UNKNOWN_SCHEME', 'No private scheme has this name.', privateUrn.length) };
  const varying = scheme.fields.filter((field) => field.equals === undefined);
  const start = privateUrn.length + name.length + 1;
  const parts = text.length < start ? [] : text.slice(start).split('.');
  if (parts.length !== Math.max(1, varying.length)) {
    const expected = `${varying.length} values`;
    return { ok: false, error: tagError('SYNTAX', 'This is not one value for each field.', start, expected) };
  }
  const values: Record<string, string> = {};
  for (const [at, field] of varying.entries()) {
    const value = unescapeText(parts[at] ?? '', urnReserved, start);
    if (!value.ok) return value;
    values[field.name] = value.text;
  }
  return encodePrivate(scheme, values);
}

/** Writes a tag of a private scheme; fields with `equals` need no value. The result's `hex` is set. */
export function encodePrivate(scheme: PrivateScheme, values: Readonly<Record<string, string>>): TagResult {
  const writer = newWriter();
  for (const field of scheme.fields) {
    // A field may be called as a property that every object has.
    const given = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    const error = writeField(writer, field, field.equals ?? given ?? '');
    if (error !== null) return { ok: false, error };
  }
  const hex = hexOf(writer);
  const epc = readScheme(scheme, hex);
  return epc === null
    ? { ok: false, error: tagError('NOT_ENCODABLE', 'The values do not come back from these bits.') }
    : { ok: true, epc };
}
