import { bytesOf } from './hex.ts';

/** The values that a command template may name; `region` is the region's code, `rounds` a number of inventory rounds. */
export const templateValues = ['power', 'region', 'rounds', 'channel'] as const;
export type TemplateValues = Partial<Record<(typeof templateValues)[number], number>>;

type Part =
  | { readonly bytes: Uint8Array }
  | { readonly name: keyof TemplateValues; readonly size: number; readonly little: boolean; readonly multiply: number };

const FIELD = /^\{([a-z]+):u(8|16be|16le|32be|32le)(?:\*(\d{1,6}))?\}$/;

export type Template = { readonly parts: readonly Part[] };

/** Compiles `00 B6 {power:u16be*100}`; null when a part is neither hex nor a typed field of a known value. */
export function compileTemplate(text: string): Template | null {
  const parts = text.split(' ').map(partOf);
  return parts.every((part) => part !== null) ? { parts } : null;
}

/** The bytes of the template with `values` in it; null when a value is missing or does not fit its field. */
export function fillTemplate(template: Template, values: TemplateValues): Uint8Array | null {
  const out: number[] = [];
  for (const part of template.parts) {
    if ('bytes' in part) out.push(...part.bytes);
    else {
      const value = Math.round((values[part.name] ?? Number.NaN) * part.multiply);
      if (!(value >= 0 && value < 256 ** part.size)) return null;
      out.push(...integerBytes(value, part.size, part.little));
    }
  }
  return Uint8Array.from(out);
}

/** The values in `bytes`, read back by the template; null when the fixed bytes differ. */
export function matchTemplate(template: Template, bytes: Uint8Array): TemplateValues | null {
  const values: TemplateValues = {};
  let at = 0;
  for (const part of template.parts) {
    const size = 'bytes' in part ? part.bytes.length : part.size;
    const here = bytes.subarray(at, at + size);
    if (here.length < size) return null;
    if ('bytes' in part) {
      if (part.bytes.some((byte, i) => byte !== here[i])) return null;
    } else values[part.name] = integerOf(here, part.little) / part.multiply;
    at += size;
  }
  return at === bytes.length ? values : null;
}

function partOf(text: string): Part | null {
  if (/^([0-9A-F]{2})+$/.test(text)) return { bytes: bytesOf(text) };
  const [, name, type, multiply] = FIELD.exec(text) ?? [];
  const known = templateValues.find((value) => value === name);
  if (known === undefined || type === undefined) return null;
  return {
    name: known,
    size: Number.parseInt(type, 10) / 8,
    little: type.endsWith('le'),
    multiply: Number(multiply ?? 1),
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
