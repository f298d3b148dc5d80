import { compileCheck } from './check.ts';
import { hexOf } from './hex.ts';

/** A tag's own words in a report, checked; or why they cannot be right. */
export type TagBlock =
  | { readonly ok: true; readonly pc: string; readonly epc: string }
  | { readonly ok: false; readonly reason: 'SHORT_REPORT' | 'BAD_TAG_CRC' | 'PC_LENGTH' | 'NO_ID' };

/** CRC-16 of the air interface [Gen2 6.3.1.5]: CCITT, preset FFFF, inverted, over PC and EPC. */
const tagCrc = compileCheck({
  algorithm: 'crc16',
  poly: 0x1021,
  init: 0xffff,
  xorOut: 0xffff,
  from: 0,
  to: -2,
  at: -2,
});

/** Writes the tag's CRC into the last two bytes of a PC-EPC-CRC block. */
export function sealTagBlock(block: Uint8Array): void {
  tagCrc.write(block);
}

/**
 * Reads PC, EPC and, `withCrc`, the tag's CRC; `withXpc`, words of extended protocol control are left out where the PC
 * announces them. The PC's length bits must agree with the bytes that are there.
 */
export function readTagBlock(block: Uint8Array, withCrc: boolean, withXpc = false): TagBlock {
  const end = block.length - (withCrc ? 2 : 0);
  if (end < 2) return { ok: false, reason: 'SHORT_REPORT' };
  if (withCrc && !tagCrc.holds(block)) return { ok: false, reason: 'BAD_TAG_CRC' };
  const words = (block[0] ?? 0) >> 3;
  const extra = withXpc ? xpcWords(block) : 0;
  const epcAt = 2 + extra * 2;
  const epcSize = end - epcAt;
  // The length bits count the words of the EPC; some chips count the extended words among them.
  if (words * 2 !== epcSize && (words - extra) * 2 !== epcSize) return { ok: false, reason: 'PC_LENGTH' };
  if (epcSize <= 0) return { ok: false, reason: 'NO_ID' };
  return { ok: true, pc: hexOf(block.subarray(0, 2)), epc: hexOf(block.subarray(epcAt, end)) };
}

/** Words of extended protocol control behind the PC: one when PC bit 0200 is set, two when W1 bit 8000 is too. */
function xpcWords(block: Uint8Array): number {
  if (((block[0] ?? 0) & 0x02) === 0) return 0;
  return ((block[2] ?? 0) & 0x80) === 0 ? 1 : 2;
}
