import type { CustomValue } from '../vocabulary/llrp-profile.ts';

/** What a Custom parameter adds to a read: a number for `to`, or the words of a TID. */
export type CustomReader = {
  readonly to: CustomValue['to'];
  /** null when the value does not fit before `end`. */
  number(view: DataView, at: number, end: number): number | null;
  hex(view: DataView, at: number, end: number): string | null;
};

type NumberType = Exclude<CustomValue['type'], 'words'>;

const numbers: Readonly<Record<NumberType, { size: number; read(view: DataView, at: number): number }>> = {
  u8: { size: 1, read: (view, at) => view.getUint8(at) },
  s8: { size: 1, read: (view, at) => view.getInt8(at) },
  u16: { size: 2, read: (view, at) => view.getUint16(at) },
  s16: { size: 2, read: (view, at) => view.getInt16(at) },
  u32: { size: 4, read: (view, at) => view.getUint32(at) },
};

/** Finds the reader of a vendor's parameter; undefined for one that the profile does not name. */
export function compileCustomValues(values: readonly CustomValue[]) {
  const readers = new Map(values.map((value) => [keyOf(value.vendor, value.subtype), compile(value)]));
  return (vendor: number, subtype: number): CustomReader | undefined => readers.get(keyOf(vendor, subtype));
}

/** Subtypes above 16 bits, which no profile can name, get a key of their own. */
function keyOf(vendor: number, subtype: number): number {
  return subtype > 0xffff ? -1 : vendor * 65_536 + subtype;
}

function compile({ to, type, scale = 1 }: CustomValue): CustomReader {
  if (type === 'words') return { to, number: () => null, hex: readWords };
  const { size, read } = numbers[type];
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    to,
    hex: () => null,
    number: (view, at, end) => (at + size > end ? null : round(read(view, at) * scale)),
  };
}

function readWords(view: DataView, at: number, end: number): string | null {
  if (at + 2 > end) return null;
  const size = 2 * view.getUint16(at);
  if (size === 0 || at + 2 + size > end) return null;
  return Buffer.from(view.buffer, view.byteOffset + at + 2, size)
    .toString('hex')
    .toUpperCase();
}
