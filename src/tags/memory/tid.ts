import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { type Chip, chipOf, designerName } from './chips.ts';

/** The XTID header and which segments it announces [TDS 16.2]. */
export type ExtendedTid = {
  /** Header word as 4 hex digits. */
  readonly header: string;
  readonly serialBits: number;
  readonly optionalCommands: boolean;
  readonly blockWriteErase: boolean;
  readonly userMemoryBlockPermalock: boolean;
  readonly lockBits: boolean;
  readonly extendedHeader: boolean;
};

/** Bank 10: what the chip says of itself [TDS 16]. */
export type Tid = {
  /** Upper-case hex as read. */
  readonly hex: string;
  /** Allocation class, `E2` for GS1. */
  readonly allocationClass: string;
  readonly xtid: boolean;
  readonly security: boolean;
  readonly file: boolean;
  /** Mask designer and model number, 3 hex digits each; `null` outside class E2. */
  readonly mdid: string | null;
  readonly tmn: string | null;
  readonly designer: string | null;
  readonly chip: Chip | null;
  readonly extended: ExtendedTid | null;
  /** Serial number in hex; `null` where the TID has none or it was not read. */
  readonly serial: string | null;
  /** `urn:epc:stid:…`; `null` where there is no standard serial. */
  readonly stidUri: string | null;
};

export type TidResult = { readonly ok: true; readonly tid: Tid } | { readonly ok: false; readonly error: TagError };

const threeDigits = (value: number) => value.toString(16).toUpperCase().padStart(3, '0');

function readXtid(hex: string): ExtendedTid | null {
  if (hex.length < 12) return null;
  const header = hex.slice(8, 12);
  const word = Number.parseInt(header, 16);
  const code = word >> 13;
  const bit = (position: number) => ((word >> position) & 1) === 1;
  return {
    header,
    serialBits: code === 0 ? 0 : 48 + 16 * (code - 1),
    optionalCommands: bit(12),
    blockWriteErase: bit(11),
    userMemoryBlockPermalock: bit(10),
    lockBits: bit(9),
    extendedHeader: bit(0),
  };
}

function serialOf(hex: string, extended: ExtendedTid | null): string | null {
  if (extended === null || extended.serialBits === 0) return null;
  const serial = hex.slice(12, 12 + extended.serialBits / 4);
  return serial.length === extended.serialBits / 4 ? serial : null;
}

const nothing = { mdid: null, tmn: null, designer: null, chip: null, extended: null, serial: null, stidUri: null };

/**
 * Decodes a TID (hex, from bit 00h). Only class E2 has a layout here; other classes and vendor data come back as they are. Before
 * Gen2 v2 the designer was printed with the X bit in front (E2 801 105): the X, S and F bits are apart here.
 */
export function decodeTid(text: string): TidResult {
  const hex = text.toUpperCase();
  if (!/^[0-9A-F]+$/.test(hex))
    return { ok: false, error: tagError('SYNTAX', 'This is not hexadecimal.', 0, '0-9 A-F') };
  const allocationClass = hex.slice(0, 2);
  if (hex.length < 2)
    return { ok: false, error: tagError('TOO_SHORT', 'The TID is cut short.', hex.length * 4, '8 bits') };
  const flags = { xtid: false, security: false, file: false };
  if (allocationClass !== 'E2') return { ok: true, tid: { hex, allocationClass, ...flags, ...nothing } };
  if (hex.length < 8) {
    return { ok: false, error: tagError('TOO_SHORT', 'The TID is cut short.', hex.length * 4, '32 bits') };
  }
  const head = Number.parseInt(hex.slice(2, 5), 16);
  const mdid = threeDigits(head & 0x1ff);
  const tmn = hex.slice(5, 8);
  const xtid = (head & 0x800) !== 0;
  const extended = xtid ? readXtid(hex) : null;
  const serial = serialOf(hex, extended);
  return {
    ok: true,
    tid: {
      hex,
      allocationClass,
      xtid,
      security: (head & 0x400) !== 0,
      file: (head & 0x200) !== 0,
      mdid,
      tmn,
      designer: designerName(mdid),
      chip: chipOf(mdid, tmn),
      extended,
      serial,
      stidUri: serial === null ? null : `urn:epc:stid:x${threeDigits(head)}.x${tmn}.x${serial}`,
    },
  };
}
