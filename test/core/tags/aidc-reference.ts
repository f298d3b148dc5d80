import { readFileSync } from 'node:fs';

/** One part of a value by the standard's table F. */
export type Part = { section: string; characters?: number; bits?: number; lengthBits?: number; most?: number };

type Tables = {
  formats: { parts: Part[]; ais: string }[];
  aiDigits: Record<string, string>;
  bitsByLength: number[][];
};

const file = new URL('../../golden/aidc-formats.json', import.meta.url);
const tables = JSON.parse(readFileSync(file, 'utf8')) as Tables;

export const { aiDigits, bitsByLength } = tables;

/** Every AI of table F with its parts. */
export const formats = tables.formats.flatMap(({ parts, ais }) =>
  ais.split(' ').map((ai): [string, Part[]] => [ai, parts]),
);

export const binary = (value: number | bigint | string, width: number) =>
  width === 0 ? '' : BigInt(value).toString(2).padStart(width, '0');

/** Bits of `length` characters under an encoding indicator, by table B. */
export const bitsOf = (indicator: number, length: number) => bitsByLength[length - 1]?.[indicator] ?? 0;

const nibbles = (digits: string) => [...digits].map((digit) => binary(Number.parseInt(digit, 16), 4)).join('');
const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const code40 = '\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789';

function threeToSixteen(text: string): string {
  const threes = text.match(/.{1,3}/g) ?? [];
  return threes
    .map((three) => {
      const [a = 0, b = 0, c = 0] = [...three].map((character) => code40.indexOf(character));
      return binary(1600 * a + 40 * b + c + 1, 16);
    })
    .join('');
}

/** Characters under each encoding indicator [TDS 14.5.6]. */
export const spellings: ((text: string) => string)[] = [
  (text) => binary(text, bitsOf(0, text.length)),
  nibbles,
  nibbles,
  (text) => [...text].map((character) => binary(urlSafe.indexOf(character), 6)).join(''),
  (text) => [...text].map((character) => binary(character.charCodeAt(0), 7)).join(''),
  threeToSixteen,
];

/** What may be written under each encoding indicator. */
export const alphabets: RegExp[] = [
  /^[0-9]+$/,
  /^[0-9A-F]+$/,
  /^[0-9a-f]+$/,
  /^[A-Za-z0-9_-]+$/,
  /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/,
  /^[A-Z0-9.:-]+$/,
];

/** Indicator, length and characters [TDS 14.5.6]. */
export function alphanumericBits(indicator: number, text: string, lengthBits: number): string {
  return (
    binary(indicator, 3) + binary(text.length, lengthBits) + (text === '' ? '' : (spellings[indicator]?.(text) ?? ''))
  );
}

const day = (text: string) => binary(text.slice(0, 2), 7) + binary(text.slice(2, 4), 4) + binary(text.slice(4, 6), 5);
const clock = (text: string) => (text.match(/../g) ?? []).map((part, at) => binary(part, at === 0 ? 5 : 6)).join('');

/** A value of one part, of `length` characters where the length may vary, and its bits: written by the standard's words alone. */
export function sampleOf(part: Part, length: number): { value: string; bits: string } {
  const digits = '98765432109876543210'.repeat(5).slice(0, part.characters ?? length);
  switch (part.section) {
    case '14.5.2':
      return { value: digits, bits: binary(digits, part.bits ?? 0) };
    case '14.5.4':
      return { value: digits, bits: nibbles(digits) };
    case '14.5.5':
      return { value: digits, bits: `${nibbles(digits)}1111` };
    case '14.5.6':
      return { value: digits, bits: alphanumericBits(0, digits, part.lengthBits ?? 0) };
    case '14.5.7':
      return { value: '1', bits: '1' };
    case '14.5.8':
      return { value: '991231', bits: day('991231') };
    case '14.5.9':
      return { value: '0001012359', bits: day('000101') + clock('2359') };
    case '14.5.10':
      return { value: '280229300131', bits: `1${day('280229')}${day('300131')}` };
    case '14.5.11':
      return { value: '301130235959', bits: `10${day('301130')}${clock('235959')}` };
    case '14.5.12':
      return { value: 'AZ', bits: '000000011001' };
    case '14.5.13':
      return {
        value: digits,
        bits:
          binary(digits.length, part.lengthBits ?? 0) + binary(digits === '' ? 0 : digits, bitsOf(0, digits.length)),
      };
    case '14.5.14':
      return { value: '-', bits: '1' };
    case '14.5.15':
      return { value: '1/9', bits: '00011001' };
    default:
      throw new Error(`no section ${part.section}`);
  }
}

/** The 18 nibbles of a GSRN. */
export const keyBits = nibbles('952119800001000073');

/** Upper-case hex of whole words, as a writer leaves it. */
export function hexOf(bits: string): string {
  const words = bits.padEnd(Math.ceil(bits.length / 16) * 16, '0').match(/.{16}/g) ?? [];
  return words
    .map((word) => Number.parseInt(word, 2).toString(16).padStart(4, '0'))
    .join('')
    .toUpperCase();
}

/** A GSRN+ tag with these bits of +AIDC data behind its key. */
export function tagWith(data: string, toggle = '1'): string {
  return hexOf(`${binary(0xf4, 8)}${toggle}000${keyBits}${data}`);
}

export const aiBits = nibbles;
