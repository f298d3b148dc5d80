import type { Field } from '../profile/byte-profile.ts';
import { hexOf } from './hex.ts';
import { readTagBlock, sealTagBlock } from './tag-block.ts';

export type Values = Record<string, number | string>;

/** An ordered field list, compiled: reads a payload into values by name, or writes one. */
export type Layout = {
  /** null when all went well, else the reason. */
  read(payload: Uint8Array, into: Values): string | null;
  write(values: Values): Uint8Array;
};

const sizes: Partial<Record<Field['type'], number>> = { u8: 1, i8: 1, u16be: 2, u16le: 2, i16be: 2, u32be: 4 };

/** Compiles a profile's field list. `pcEpc` and `pcEpcCrc` take the rest and give `pc` and `epc`. */
export function compileLayout(fields: readonly Field[]): Layout {
  return {
    read: (payload, into) => {
      let at = 0;
      for (const field of fields) {
        const size = sizes[field.type] ?? field.bytes ?? payload.length - at;
        if (at + size > payload.length) return 'SHORT_REPORT';
        const problem = readField(field, payload.subarray(at, at + size), into);
        if (problem !== null) return problem;
        at += size;
      }
      return null;
    },
    write: (values) => Uint8Array.from(fields.flatMap((field) => [...writeField(field, values)])),
  };
}

function readField(field: Field, bytes: Uint8Array, into: Values): string | null {
  switch (field.type) {
    case 'skip':
      return null;
    case 'hex':
      into[field.name] = hexOf(bytes);
      return null;
    case 'text':
      into[field.name] = printable(bytes);
      return null;
    case 'pcEpc':
    case 'pcEpcCrc': {
      const tag = readTagBlock(bytes, field.type === 'pcEpcCrc');
      if (!tag.ok) return tag.reason;
      into['pc'] = tag.pc;
      into['epc'] = tag.epc;
      return null;
    }
    default:
      into[field.name] = integer(field.type, bytes) * (field.multiply ?? 1) + (field.add ?? 0);
      return null;
  }
}

function integer(type: Field['type'], bytes: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  switch (type) {
    case 'i8':
      return (a << 24) >> 24;
    case 'u16be':
      return a * 256 + b;
    case 'u16le':
      return b * 256 + a;
    case 'i16be':
      return ((a << 24) >> 16) | b;
    case 'u32be':
      return ((a * 256 + b) * 256 + c) * 256 + d;
    default:
      return a;
  }
}

/** ASCII as readers send it in version texts; whatever is not printable becomes a full stop. */
function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^ -~]/g, '.')
    .trim();
}

function writeField(field: Field, values: Values): Uint8Array {
  const size = sizes[field.type];
  if (field.type === 'pcEpc' || field.type === 'pcEpcCrc') return tagBlock(values, field.type === 'pcEpcCrc');
  if (size === undefined) return new Uint8Array(field.bytes ?? 0);
  const value = (Number(values[field.name] ?? 0) - (field.add ?? 0)) / (field.multiply ?? 1);
  const unsigned = Math.round(value) + (value < 0 ? 256 ** size : 0);
  const bytes = Uint8Array.from({ length: size }, (_, i) => Math.floor(unsigned / 256 ** (size - 1 - i)) & 0xff);
  return field.type.endsWith('le') ? bytes.reverse() : bytes;
}

function tagBlock(values: Values, withCrc: boolean): Uint8Array {
  const epc = Buffer.from(String(values['epc']), 'hex');
  const block = new Uint8Array(2 + epc.length + (withCrc ? 2 : 0));
  block[0] = (epc.length / 2) << 3;
  block.set(epc, 2);
  if (withCrc) sealTagBlock(block);
  return block;
}
