import { identityOf } from '../decode.ts';
import type { Epc, TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { rawEpc } from '../tag.ts';
import { type ExtendedControl, type ProtocolControl, readPc, readXpc } from './protocol-control.ts';

/** What a reader reported of bank 01 from its PC word on. */
export type EpcBank = {
  /** PC word as 4 hex digits. */
  readonly pc: string;
  readonly control: ProtocolControl;
  readonly xpc: ExtendedControl | null;
  /** What the PC's length covers, without XPC words. */
  readonly epcHex: string;
  /** `epc` a known scheme, `raw` content that none explains, `iso` a UII with AFI, `none` no content at all. */
  readonly kind: 'epc' | 'raw' | 'iso' | 'none';
  readonly epc: Epc | null;
  /** Tag URI or raw URI with the control fields in front [TDS 12.3]; `null` where there is none. */
  readonly uri: string | null;
  readonly problem: TagError | null;
};

export type EpcBankResult =
  | { readonly ok: true; readonly bank: EpcBank }
  | { readonly ok: false; readonly error: TagError };

/** Control fields of an EPC tag URI, `[att=x01][umi=1]:`, or nothing [TDS 12.4]. */
function controlFields(control: ProtocolControl): string {
  const attributes = control.attributes ?? 0;
  const att = attributes === 0 ? '' : `[att=x${attributes.toString(16).toUpperCase().padStart(2, '0')}]`;
  const fields = att + (control.userMemory ? '[umi=1]' : '');
  return fields === '' ? '' : `${fields}:`;
}

function withControl(uri: string | null, control: ProtocolControl): string | null {
  return uri === null ? null : uri.replace(/^urn:epc:(tag|raw):/, `urn:epc:$1:${controlFields(control)}`);
}

function readContent(pc: string, control: ProtocolControl, xpc: ExtendedControl | null, epcHex: string): EpcBank {
  const base = { pc, control, xpc, epcHex };
  if (epcHex === '') return { ...base, kind: 'none', epc: null, uri: null, problem: null };
  if (control.iso) {
    const epc = rawEpc(epcHex, control.afi);
    return { ...base, kind: 'iso', epc, uri: epc.epcUri, problem: null };
  }
  const { epc, problem } = identityOf(epcHex);
  const uri = withControl(epc.scheme === 'raw' ? epc.epcUri : epc.tagUri, control);
  return { ...base, kind: epc.scheme === 'raw' ? 'raw' : 'epc', epc, uri, problem };
}

/**
 * Reads PC word, XPC words and EPC as a reader reports them (hex). The length in the PC counts, not the bytes that came. With the
 * toggle bit set nothing is decoded as an EPC, whatever it begins with [TDS 9.2.3].
 */
export function decodeEpcBank(hex: string): EpcBankResult {
  if (!/^[0-9A-Fa-f]*$/.test(hex))
    return { ok: false, error: tagError('SYNTAX', 'This is not hexadecimal.', 0, '0-9 A-F') };
  if (hex.length < 4) return { ok: false, error: tagError('BAD_PC', 'The PC word is missing.', 0, '16 bits') };
  const pc = hex.slice(0, 4).toUpperCase();
  const control = readPc(Number.parseInt(pc, 16));
  const xpc = control.extended && hex.length >= 8 ? readXpc(Number.parseInt(hex.slice(4, 8), 16)) : null;
  const xpcDigits = xpc === null ? 0 : xpc.second ? 8 : 4;
  const announced = control.lengthWords * 4;
  // Readers differ in whether the length counts the XPC words; the digits that came decide.
  const counted = xpc !== null && hex.length < 4 + xpcDigits + announced;
  const length = counted ? announced - xpcDigits : announced;
  const from = 4 + xpcDigits;
  if (length < 0 || hex.length < from + length) {
    const expected = `${control.lengthWords} words`;
    return { ok: false, error: tagError('BAD_PC', 'The PC announces more than was read.', hex.length * 4, expected) };
  }
  return { ok: true, bank: readContent(pc, control, xpc, hex.slice(from, from + length).toUpperCase()) };
}
