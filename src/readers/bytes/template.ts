import { bytesOf } from './hex.ts';

/**
 * The values that a command template may name: `region` is the region's code, `rounds` a number of inventory rounds,
 * `antenna` the port of this round from 1, `antennaMask` and `antennas` all ports that are configured.
 */
export const templateValues = ['power', 'region', 'rounds', 'channel', 'antenna', 'antennaMask'] as const;
export type TemplateValues = Partial<Record<(typeof templateValues)[number], number>> & {
  readonly antennas?: readonly number[];
};

type FieldPart = {
  readonly name: (typeof templateValues)[number];
  readonly size: number;
  readonly little: boolean;
  readonly multiply: number;
  readonly add: number;
};
type Part = { readonly bytes: Uint8Array } | FieldPart | { readonly pairs: true };

const FIELD = /^\{([a-zA-Z]+):u(8|16be|16le|24be|32be|32le)(?:\*(\d{1,6}))?([+-]\d{1,5})?\}$/;

export type Template = { readonly parts: readonly Part[] };

/**
 * Compiles `00 B6 {power:u16be*100}`; null when a part is neither hex nor a typed field of a known value.
 * `{antennas:pairs}`, allowed at the end, gives each port twice (transmit, receive).
 */
export function compileTemplate(text: string): Template | null {
  const parts = text.split(' ').map(partOf);
  const misplaced = parts.slice(0, -1).some((part) => part !== null && 'pairs' in part);
  return !misplaced && parts.every((part) => part !== null) ? { parts } : null;
}

/** Whether the template names the value. */
export function templateNames(template: Template, name: string): boolean {
  return template.parts.some((part) => 'name' in part && part.name === name);
}

/** The bytes of the template with `values` in it; null when a value is missing or does not fit its field. */
export function fillTemplate(template: Template, values: TemplateValues): Uint8Array | null {
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
  const value = Math.round((values[part.name] ?? Number.NaN) * part.multiply) + part.add;
  return value >= 0 && value < 256 ** part.size ? integerBytes(value, part.size, part.little) : null;
}

/** The values in `bytes`, read back by the template; null when the fixed bytes differ. */
export function matchTemplate(template: Template, bytes: Uint8Array): TemplateValues | null {
  let values: TemplateValues = {};
  let at = 0;
  for (const part of template.parts) {
    const size = sizeOf(part, bytes.length - at);
    const found = at + size > bytes.length ? null : matchPart(part, bytes.subarray(at, at + size));
    if (found === null) return null;
    values = { ...values, ...found };
    at += size;
  }
  return at === bytes.length ? values : null;
}

function sizeOf(part: Part, left: number): number {
  if ('pairs' in part) return left;
  return 'bytes' in part ? part.bytes.length : part.size;
}

function matchPart(part: Part, here: Uint8Array): TemplateValues | null {
  if ('pairs' in part) return { antennas: [...here].filter((_, i) => i % 2 === 0) };
  if ('bytes' in part) return part.bytes.every((byte, i) => byte === here[i]) ? {} : null;
  return { [part.name]: (integerOf(here, part.little) - part.add) / part.multiply };
}

function partOf(text: string): Part | null {
  if (/^([0-9A-F]{2})+$/.test(text)) return { bytes: bytesOf(text) };
  if (text === '{antennas:pairs}') return { pairs: true };
  const [, name, type, multiply, add] = FIELD.exec(text) ?? [];
  const known = templateValues.find((value) => value === name);
  if (known === undefined || type === undefined) return null;
  return {
    name: known,
    size: Number.parseInt(type, 10) / 8,
    little: type.endsWith('le'),
    multiply: Number(multiply ?? 1),
    add: Number(add ?? 0),
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
