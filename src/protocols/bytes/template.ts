import { bytesOf, hexOf } from './hex.ts';
import {
  type HexValue,
  hexValues,
  lengthsOf,
  measured,
  type NumberValue,
  numberValues,
  type TemplateValues,
} from './template-values.ts';

type FieldPart = {
  readonly name: NumberValue;
  readonly size: number;
  readonly little: boolean;
  readonly multiply: number;
  readonly add: number;
  /** What stands there when nobody gives the value; null: it must be given. */
  readonly otherwise: number | null;
};
type Part = { readonly bytes: Uint8Array } | FieldPart | { readonly hex: HexValue } | { readonly pairs: true };

const FIELD = /^\{([a-zA-Z]+):u(8|16be|16le|24be|32be|32le)(?:([*/])(\d{1,6}))?([+-]\d{1,5})?(?:=(\d{1,6}))?\}$/;
const BYTES = /^\{([a-zA-Z]+):hex\}$/;

export type Template = { readonly parts: readonly Part[] };

/**
 * Compiles `00 B6 {power:u16be*100}` (or `/100`); null when a part is neither hex nor a typed field of a known value.
 * `{session:u8=0}` is 0 when no session is given, `{data:hex}` the bytes themselves, and `{antennas:pairs}`, allowed at the
 * end, each port twice (transmit, receive).
 */
export function compileTemplate(text: string): Template | null {
  const parts = text.split(' ').map(partOf);
  const misplaced = parts.slice(0, -1).some((part) => part !== null && 'pairs' in part);
  return !misplaced && parts.every((part) => part !== null) ? { parts } : null;
}

/** Whether the template names the value. */
export function templateNames(template: Template, name: string): boolean {
  return template.parts.some((part) => ('name' in part && part.name === name) || ('hex' in part && part.hex === name));
}

/** The bytes of the template with `values` in it; null when a value is missing or does not fit its field. */
export function fillTemplate(template: Template, given: TemplateValues): Uint8Array | null {
  const values = measured(given);
  const out: number[] = [];
  for (const part of template.parts) {
    const bytes = fillPart(part, values);
    if (bytes === null) return null;
    out.push(...bytes);
  }
  return Uint8Array.from(out);
}

function fillPart(part: Part, values: TemplateValues): Iterable<number> | null {
  if ('bytes' in part) return part.bytes;
  if ('pairs' in part) return values.antennas?.flatMap((port) => [port, port]) ?? null;
  if ('hex' in part) {
    const hex = values[part.hex];
    return hex === undefined ? null : bytesOf(hex);
  }
  const given = values[part.name] ?? part.otherwise ?? Number.NaN;
  const value = Math.round(given * part.multiply) + part.add;
  return value >= 0 && value < 256 ** part.size ? integerBytes(value, part.size, part.little) : null;
}

/** The values in `bytes`, read back by the template; null when the fixed bytes differ. */
export function matchTemplate(template: Template, bytes: Uint8Array): TemplateValues | null {
  let values: TemplateValues = {};
  let at = 0;
  for (const [index, part] of template.parts.entries()) {
    const size = sizeOf(part, values) ?? bytes.length - at - leastOf(template.parts.slice(index + 1));
    const found = size < 0 || at + size > bytes.length ? null : matchPart(part, bytes.subarray(at, at + size));
    if (found === null) return null;
    values = { ...values, ...found };
    at += size;
  }
  return at === bytes.length ? values : null;
}

/** Bytes that the part takes; null when only the end of the command tells. */
function sizeOf(part: Part, values: TemplateValues): number | null {
  if ('pairs' in part) return null;
  if ('bytes' in part) return part.bytes.length;
  if (!('hex' in part)) return part.size;
  for (const [length, bytes] of lengthsOf[part.hex]) {
    const told = values[length];
    if (told !== undefined) return Math.ceil(told * bytes);
  }
  return null;
}

function leastOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + (sizeOf(part, {}) ?? 0), 0);
}

function matchPart(part: Part, here: Uint8Array): TemplateValues | null {
  if ('pairs' in part) return { antennas: [...here].filter((_, i) => i % 2 === 0) };
  if ('bytes' in part) return part.bytes.every((byte, i) => byte === here[i]) ? {} : null;
  if ('hex' in part) return { [part.hex]: hexOf(here) };
  return { [part.name]: (integerOf(here, part.little) - part.add) / part.multiply };
}

function partOf(text: string): Part | null {
  if (/^([0-9A-F]{2})+$/.test(text)) return { bytes: bytesOf(text) };
  if (text === '{antennas:pairs}') return { pairs: true };
  const hex = hexValues.find((value) => value === BYTES.exec(text)?.[1]);
  return hex === undefined ? fieldOf(text) : { hex };
}

function fieldOf(text: string): FieldPart | null {
  const [, name, type, times, factor, add, otherwise] = FIELD.exec(text) ?? [];
  const known = numberValues.find((value) => value === name);
  if (known === undefined || type === undefined) return null;
  return {
    name: known,
    size: Number.parseInt(type, 10) / 8,
    little: type.endsWith('le'),
    multiply: times === '/' ? 1 / Number(factor) : Number(factor ?? 1),
    add: Number(add ?? 0),
    otherwise: otherwise === undefined ? null : Number(otherwise),
  };
}

function integerBytes(value: number, size: number, little: boolean): number[] {
  const bytes = Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
  return little ? bytes.reverse() : bytes;
}

function integerOf(bytes: Uint8Array, little: boolean): number {
  const order = little ? [...bytes].reverse() : [...bytes];
  return order.reduce((value, byte) => value * 256 + byte, 0);
}
