import { bytesOf } from '../bytes/hex.ts';
import type { LineProfile } from '../profile/line-profile.ts';

/** A command as bytes. `[ -o {power}]` is left out when no power is configured. */
export function commandBytes(profile: LineProfile, text: string, power: number | undefined): Uint8Array {
  const filled = text
    .replaceAll(/\[([^\]]*)\]/g, power === undefined ? '' : '$1')
    .replaceAll('{power}', String(power ?? ''));
  return Uint8Array.from([...Buffer.from(filled, 'latin1'), ...bytesOf(profile.session.lineEnd)]);
}

/**
 * What was pasted for a line protocol: hex whose bytes are mostly text is taken as bytes, anything else as the line
 * itself. A tag's own hex is no text, so a pasted EPC is a line.
 */
export function pastedLine(profile: LineProfile, text: string): Uint8Array {
  const hex = text.replaceAll(/\s/g, '');
  const bytes = /^([0-9A-Fa-f]{2})+$/.test(hex) ? Uint8Array.from(Buffer.from(hex, 'hex')) : null;
  if (bytes !== null && isText(bytes)) return bytes;
  return Uint8Array.from([...Buffer.from(text, 'latin1'), ...bytesOf(profile.ends).subarray(0, 1)]);
}

function isText(bytes: Uint8Array): boolean {
  const legible = bytes.filter((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a);
  return legible.length >= bytes.length * 0.7;
}
