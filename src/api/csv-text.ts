import { GatewayError } from '../kit/index.ts';

/**
 * The text of a file as spreadsheets save it: UTF-8 with or without byte-order mark, UTF-16 with one, or UTF-16LE
 * without (every second byte of the header is zero). Anything else is refused rather than guessed.
 */
export function csvText(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new GatewayError('CSV_INVALID', 'The file is not UTF-8. Save it as “CSV UTF-8” and send it again.');
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0 ? 'utf-16le' : 'utf-8';
}

/** The delimiter of a header line: spreadsheets write commas, semicolons or tabs depending on where they live. */
export function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
