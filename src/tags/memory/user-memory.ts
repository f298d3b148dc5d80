import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';

/** Bank 11 by its first byte, the data storage format identifier [ISO/IEC 15962, TDS 17]. */
export type UserMemory = {
  /** DSFID as 2 hex digits. */
  readonly dsfid: string;
  readonly accessMethod: 'no-directory' | 'directory' | 'packed-objects' | 'reserved';
  /** A second DSFID byte follows. */
  readonly extended: boolean;
  /** Data format: 9 = GS1 AIs, 17 = ISO 20248 digital signature, 0 = not formatted. */
  readonly dataFormat: number;
  /** What follows the DSFID, upper-case hex. */
  readonly content: string;
};

export type UserMemoryResult =
  | { readonly ok: true; readonly memory: UserMemory }
  | { readonly ok: false; readonly error: TagError };

const accessMethods = ['no-directory', 'directory', 'packed-objects', 'reserved'] as const;

/** Classifies user memory (hex from bit 00h). `EMPTY` where it holds nothing: no bytes, or a first byte of zero. */
export function readUserMemory(text: string): UserMemoryResult {
  const hex = text.toUpperCase();
  if (!/^([0-9A-F]{2})*$/.test(hex))
    return { ok: false, error: tagError('SYNTAX', 'This is not hexadecimal.', 0, 'whole bytes') };
  if (hex === '' || hex.startsWith('00'))
    return { ok: false, error: tagError('EMPTY', 'User memory holds nothing.', 0, 'a DSFID') };
  const dsfid = Number.parseInt(hex.slice(0, 2), 16);
  return {
    ok: true,
    memory: {
      dsfid: hex.slice(0, 2),
      accessMethod: accessMethods[dsfid >> 6] ?? 'reserved',
      extended: (dsfid & 0x20) !== 0,
      dataFormat: dsfid & 0x1f,
      content: hex.slice(2),
    },
  };
}
