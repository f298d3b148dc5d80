import type { Field } from '../vocabulary/report-profile.ts';
import { bytesOf } from './hex.ts';
import { encodeInteger, integerSizes } from './integer.ts';
import { isMeant, type Values } from './layout.ts';
import { sealTagBlock } from './tag-block.ts';

/** Writes one field list; what has no value is filled as the profile says, else with zeros. The simulator's side. */
export function writeFields(fields: readonly Field[], given: Values): Uint8Array {
  const values = { ...filled(fields), ...given };
  const present = fields.filter((field) => isMeant(field, values));
  const all = { ...values, ...sizes(present, values) };
  let peeked = 0;
  const parts: number[] = [];
  for (const field of present) {
    if (field.optional === true || isUnannounced(field, all)) continue;
    if (field.lead !== undefined) parts.push(...bytesOf(field.lead));
    if (field.peek === true) peeked += integerOf(field, all);
    else {
      parts.push(...bytesFor(field, all, peeked));
      peeked = 0;
    }
  }
  return Uint8Array.from(parts);
}

/** A field with a mark is written only where there is something to announce. */
function isUnannounced({ lead, name, fill }: Field, values: Values): boolean {
  return lead !== undefined && values[name] === undefined && fill === undefined;
}

/** Values of integers that other fields refer to, from their `fill`. */
function filled(fields: readonly Field[]): Values {
  const values: Values = {};
  for (const { name, type, fill } of fields) {
    if (fill !== undefined && integerSizes[type] !== undefined)
      values[name] = Number.parseInt(fill.replaceAll(' ', ''), 16);
  }
  return values;
}

/** Lengths follow from what they measure. */
function sizes(fields: readonly Field[], values: Values): Values {
  const found: Values = {};
  for (const field of fields) {
    const from = field.bytesFrom ?? field.bitsFrom;
    if (from === undefined) continue;
    const size = content(field, values).length;
    found[from] = field.bitsFrom === undefined ? size : size * 8;
  }
  for (const { name, measures } of fields) {
    const parts = fields.filter((field) => measures?.includes(field.name) === true);
    if (measures !== undefined) found[name] = parts.reduce((sum, field) => sum + content(field, values).length, 0);
  }
  return found;
}

function bytesFor(field: Field, values: Values, peeked: number): Uint8Array {
  const size = integerSizes[field.type];
  if (size === undefined) return content(field, values);
  const raw = integerOf(field, values) + peeked;
  const unsigned = raw < 0 ? raw + 256 ** size : raw;
  const bytes = Uint8Array.from({ length: size }, (_, i) => Math.floor(unsigned / 256 ** (size - 1 - i)) & 0xff);
  return field.type.endsWith('le') ? bytes.reverse() : bytes;
}

function integerOf(field: Field, values: Values): number {
  const value = values[field.name];
  const named = Object.entries(field.names ?? {}).find(([, name]) => name === value)?.[0];
  if (named !== undefined) return Number.parseInt(named, 16);
  if (typeof value === 'number') {
    const less = field.minus === undefined ? 0 : Number(values[field.minus] ?? 0);
    return encodeInteger(field, value + less);
  }
  return field.fill === undefined ? 0 : Number.parseInt(field.fill.replaceAll(' ', ''), 16);
}

function content(field: Field, values: Values): Uint8Array {
  if (field.type === 'pcEpc' || field.type === 'pcEpcCrc') return tagBlock(values, field.type === 'pcEpcCrc');
  const value = values[field.name];
  if (typeof value !== 'string' || field.type === 'skip') return bytesOf(field.fill ?? '00'.repeat(field.bytes ?? 0));
  if (field.type === 'asciiHex') return digits(field, value);
  const bytes = bytesOf(
    field.bytes === undefined ? value : value.padEnd(field.bytes * 2, '0').slice(0, field.bytes * 2),
  );
  return field.reverse === true ? bytes.reverse() : bytes;
}

function digits({ bytes, reverse }: Field, value: string): Uint8Array {
  const text = value.padStart(bytes ?? 0, '0').slice(0, bytes);
  return Uint8Array.from(Buffer.from(reverse === true ? [...text].reverse().join('') : text, 'latin1'));
}

function tagBlock(values: Values, withCrc: boolean): Uint8Array {
  const epc = Buffer.from(String(values['epc']), 'hex');
  const block = new Uint8Array(2 + epc.length + (withCrc ? 2 : 0));
  // The PC's other bits as given; its length bits follow from the EPC.
  const pc = typeof values['pc'] === 'string' ? Number.parseInt(values['pc'], 16) : 0;
  block[0] = ((epc.length / 2) << 3) | ((pc >> 8) & 0x07);
  block[1] = pc & 0xff;
  block.set(epc, 2);
  if (withCrc) sealTagBlock(block);
  return block;
}
