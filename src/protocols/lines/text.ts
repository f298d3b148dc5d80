import { bytesOf } from '../bytes/hex.ts';
import type { LineProfile } from '../vocabulary/line-profile.ts';

/** Values that texts may name; what is undefined is not there. */
export type TextValues = Readonly<Record<string, string | number | undefined>>;

/**
 * A text with its values: `{power}` as it is, `{word:4}` as four hex digits. A part in brackets is left out when a value
 * that it names is missing.
 */
export function fillText(text: string, values: TextValues): string {
  const filled = text.replaceAll(/\[([^[\]]*)\]/g, (_whole, part: string) =>
    namesIn(part).every((name) => values[name] !== undefined) ? part : '',
  );
  return filled.replaceAll(FIELD, (_whole, name: string, digits: string | undefined) => {
    const value = values[name] ?? '';
    if (digits === undefined) return String(value);
    return Number(value).toString(16).toUpperCase().padStart(Number(digits), '0');
  });
}

const FIELD = /\{([a-zA-Z]+)(?::(\d))?\}/g;

/** The names of the values that a text has places for. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(FIELD)].map(([, name = '']) => name);
}

/** A line as bytes, as it stands. */
export function lineBytes(profile: LineProfile, text: string, encoding: 'latin1' | 'utf8' = 'latin1'): Uint8Array {
  return Uint8Array.from([...Buffer.from(text, encoding), ...bytesOf(profile.session.lineEnd)]);
}

/** A command as bytes. */
export function commandBytes(profile: LineProfile, text: string, values: TextValues): Uint8Array {
  return lineBytes(profile, fillText(text, values));
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
