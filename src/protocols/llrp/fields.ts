import type { FieldRow, FieldType } from './layouts.ts';

/** A field's value. A u64 is a number: microseconds since 1970 stay exact until 2255. */
export type FieldValue = number | string | readonly number[] | Uint8Array;
export type FieldValues = Readonly<Record<string, FieldValue>>;

const utf8 = new TextDecoder();
const fixed: Partial<Record<FieldType, number>> = { u8: 1, u16: 2, s16: 2, u32: 4, u64: 8 };

/** Reads fields from `from` on; null when they do not fit before `to`. `end` is where they end. */
export function readFields(view: DataView, from: number, to: number, fields: readonly FieldRow[]) {
  const values: Record<string, FieldValue> = {};
  let at = from;
  for (const [name, type] of fields) {
    const size = sizeAt(view, at, to, type);
    if (size === null || at + size > to) return null;
    values[name] = readField(view, at, size, type);
    at += size;
  }
  return { values, end: at };
}

function sizeAt(view: DataView, at: number, to: number, type: FieldType): number | null {
  const size = fixed[type];
  if (size !== undefined) return size;
  if (type === 'rest') return to - at;
  if (at + 2 > to) return null;
  const count = view.getUint16(at);
  return 2 + (type === 'bits' ? Math.ceil(count / 8) : count * (listWidths[type] ?? 1));
}

function readField(view: DataView, at: number, size: number, type: FieldType): FieldValue {
  switch (type) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at);
    case 's16':
      return view.getInt16(at);
    case 'u32':
      return view.getUint32(at);
    case 'u64':
      return readU64(view, at);
    case 'text':
      return utf8.decode(new Uint8Array(view.buffer, view.byteOffset + at + 2, size - 2));
    case 'octets':
      return octetsAt(view, at + 2, size - 2)
        .toString('hex')
        .toUpperCase();
    case 'bits':
      return bitsAt(view, at, size);
    case 'u16s':
      return Array.from({ length: (size - 2) / 2 }, (_, i) => view.getUint16(at + 2 + 2 * i));
    case 'u32s':
      return Array.from({ length: (size - 2) / 4 }, (_, i) => view.getUint32(at + 2 + 4 * i));
    case 'rest':
      return Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset + at, size));
  }
}

function octetsAt(view: DataView, at: number, size: number): Buffer {
  return Buffer.from(view.buffer, view.byteOffset + at, size);
}

function bitsAt(view: DataView, at: number, size: number): string {
  const bits = Array.from(octetsAt(view, at + 2, size - 2), (byte) => byte.toString(2).padStart(8, '0'));
  return bits.join('').slice(0, view.getUint16(at));
}

/** An unsigned 64-bit number, exact below 2^53. */
export function readU64(view: DataView, at: number): number {
  return view.getUint32(at) * 4_294_967_296 + view.getUint32(at + 4);
}

/** The bytes of `fields`; a value that is missing is zero or empty. */
export function writeFields(values: FieldValues, fields: readonly FieldRow[]): Uint8Array {
  return Buffer.concat(fields.map(([name, type]) => writeField(values[name], type)));
}

function writeField(value: FieldValue | undefined, type: FieldType): Uint8Array {
  if (typeof value === 'string') return writeText(value, type);
  if (value instanceof Uint8Array) return value;
  const width = listWidths[type];
  if (width !== undefined) return writeList(Array.isArray(value) ? value : [], width);
  const bytes = Buffer.alloc(fixed[type] ?? (type === 'rest' ? 0 : 2));
  if (typeof value === 'number') writeNumber(bytes, value, type);
  return bytes;
}

const listWidths: Partial<Record<FieldType, number>> = { u16s: 2, u32s: 4 };

function writeNumber(bytes: Buffer, value: number, type: FieldType): void {
  if (type === 'u64') bytes.writeBigUInt64BE(BigInt(Math.trunc(value)));
  else if (type === 's16') bytes.writeInt16BE(value);
  else bytes.writeUIntBE(value, 0, bytes.length);
}

function writeText(text: string, type: FieldType): Buffer {
  if (type === 'bits') return counted(text.length, bytesOfBits(text));
  const bytes = Buffer.from(text, type === 'octets' ? 'hex' : 'utf8');
  return counted(bytes.length, bytes);
}

function bytesOfBits(bits: string): Buffer {
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) => bits.slice(8 * i, 8 * i + 8));
  return Buffer.from(bytes.map((eight) => Number.parseInt(eight.padEnd(8, '0'), 2)));
}

function counted(count: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(count);
  return Buffer.concat([head, bytes]);
}

function writeList(list: readonly number[], width: number): Buffer {
  const bytes = Buffer.alloc(2 + list.length * width);
  bytes.writeUInt16BE(list.length);
  for (const [i, value] of list.entries()) bytes.writeUIntBE(value, 2 + i * width, width);
  return bytes;
}
