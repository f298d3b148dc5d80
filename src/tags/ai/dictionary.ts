import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { set39, set64 } from '../text/charset.ts';
import {
  atMost,
  checkDigitLast,
  checkPairLast,
  gtinCheck,
  iban,
  masterUdi,
  percentEncoded,
  pieceOfTotal,
  prefixFirst,
  zeroFirst,
} from './check.ts';
import { date, dateRange, digits, type Part, pattern, text } from './content.ts';

/** The edition of GS1's list of AIs that the table was made from [GS1 Barcode Syntax Dictionary, github.com/gs1/gs1-syntax-dictionary]. */
export const dictionaryRelease = '2026-01-27';

function span(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, at) => String(from + at)).join(' ');
}

/** Measures: three digits name the quantity, the fourth (0 to 5) the decimal places. */
const measures = `${span(310, 316)} ${span(320, 337)} ${span(340, 357)} ${span(360, 369)}`
  .split(' ')
  .map((quantity) => span(Number(`${quantity}0`), Number(`${quantity}5`)))
  .join(' ');

/**
 * What the value of each AI is: its parts in order. Countries, currencies, kinds of packages and the inside of coupons are
 * not looked up: those lists change, and an old one would refuse what is right.
 */
const rows: readonly [ais: string, ...parts: Part[]][] = [
  ['00 8017 8018', digits(18, 18, checkDigitLast)],
  ['01 02 03', digits(14, 14, gtinCheck)],
  ['410 411 412 413 414 415 416 417', digits(13, 13, checkDigitLast)],
  ['402', digits(17, 17, checkDigitLast)],
  ['8006 8026', digits(14, 14, gtinCheck), digits(4, 4, pieceOfTotal)],
  ['253', digits(13, 13, checkDigitLast), text(17, { min: 0 })],
  ['255', digits(13, 13, checkDigitLast), digits(0, 12)],
  ['8003', digits(14, 14, zeroFirst), text(16, { min: 0 })],
  ['401 7023 8004', text(30, { check: prefixFirst })],
  ['8010', text(30, { check: prefixFirst, set: set39 })],
  ['8013', text(25, { check: checkPairLast })],
  ['8014', text(25, { check: masterUdi })],
  ['8007', text(34, { check: iban })],

  ['11 12 13 15 16 17', date({ sizes: [6], wholeMonth: true })],
  ['4324 4325', date({ sizes: [10], wholeMonth: true })],
  ['4326 7006', date({ sizes: [6] })],
  ['7003', date({ sizes: [10] })],
  ['7011', date({ sizes: [6, 10] })],
  // The hour is not optional in GS1's list, but it is in the encoding for tags [TDS 14.5.11].
  ['8008', date({ sizes: [6, 8, 10, 12] })],
  ['7250', date({ sizes: [8], year: 4 })],
  ['7251', date({ sizes: [12], year: 4 })],
  ['7007', dateRange()],

  ['20', digits(2)],
  ['422 424 426', digits(3)],
  ['423 425', pattern(/^(?:\d{3}){1,5}$/, '1 to 5 countries of 3 digits')],
  [`${span(3940, 3943)} 8111`, digits(4)],
  [`${measures} ${span(3950, 3955)} 8005`, digits(6)],
  ['7001', digits(13)],
  ['8040 8041', digits(15)],
  ['8042', digits(32)],
  ['8043', digits(18), digits(0, 2)],
  ['242', digits(1, 6)],
  ['30 37', digits(1, 8)],
  ['7004', digits(1, 4)],
  ['8019', digits(1, 10)],
  ['8011', digits(1, 12)],
  [`${span(3900, 3909)} ${span(3920, 3929)}`, digits(1, 15)],
  [`${span(3910, 3919)} ${span(3930, 3939)}`, digits(3), digits(1, 15)],
  ['4309', digits(10, 10, atMost('1800000000')), digits(10, 10, atMost('3600000000'))],
  [span(4330, 4333), digits(6), pattern(/^-?$/, 'nothing or -')],
  ['8001', pattern(/^(?!0000)\d{4}(?!00000)\d{5}(?!000)\d{3}[019]\d$/, 'width, length, diameter, winding, splices')],
  ['4321 4322 4323', pattern(/^[01]$/, '0 or 1')],
  ['7252', pattern(/^[0129]$/, '0, 1, 2 or 9')],
  ['7241', pattern(/^(?:0[1-9]|10|[89]\d)$/, '01 to 10, 80 to 99')],
  ['7258', pattern(/^[1-9]\/[1-9]$/, 'n/m, each 1 to 9')],
  ['4307 4317', pattern(/^[A-Z]{2}$/, 'two letters A-Z')],

  ['7010', text(2)],
  ['427 7008', text(3)],
  ['7041', text(4)],
  ['7040', pattern(/^\d[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{2}[-0-9A-Z_a-z]$/, 'a digit and 3 characters')],
  ['7009 7255', text(10)],
  ['421', digits(3), text(9)],
  ['7005', text(12)],
  ['10 21 22 243 254 420 4318 7020 7021 7022 7240 8002 8012', text(20)],
  [span(710, 717), text(20)],
  ['7242 8020', text(25)],
  [span(7030, 7039), digits(3), text(27)],
  ['235', text(28)],
  ['240 241 250 251 400 403 4308 4319 7002 90', text(30)],
  [span(7230, 7239), text(30, { min: 3 })],
  ['4300 4301 4310 4311 4320', text(35, { check: percentEncoded })],
  ['7253 7254 7259', text(40, { check: percentEncoded })],
  ['8009', text(50)],
  ['4302 4303 4304 4305 4306 4312 4313 4314 4315 4316 7257', text(70, { check: percentEncoded })],
  ['8110 8112 8200', text(70)],
  ['7256', text(90, { check: percentEncoded })],
  ['8030', text(90, { set: set64 })],
  [span(91, 99), text(90)],
];

const contents: ReadonlyMap<string, readonly Part[]> = new Map(
  rows.flatMap(([ais, ...parts]) => ais.split(' ').map((ai): [string, readonly Part[]] => [ai, parts])),
);

/** All AIs that there are. */
export const allAis: readonly string[] = [...contents.keys()];

/** Whether there is such an AI. */
export function isAi(ai: string): boolean {
  return contents.has(ai);
}

/** Digits of the AIs that begin with these two digits; 0 where none begins so [GS1 General Specifications 7.8.5]. */
export const aiSizes: readonly number[] = Array.from({ length: 100 }, (_, pair) => {
  const start = String(pair).padStart(2, '0');
  return allAis.find((ai) => ai.startsWith(start))?.length ?? 0;
});

/** Whether the AI's whole value is digits, so that blanks between them are only print. */
export function isNumericAi(ai: string): boolean {
  return contents.get(ai)?.every(({ isNumeric }) => isNumeric) ?? false;
}

/** Why an AI may not have this value, or `null`: length, characters, check digit, date. The place counts from the value's start. */
export function valueProblem(ai: string, value: string): TagError | null {
  let from = 0;
  for (const { size, problem } of contents.get(ai) ?? []) {
    const part = size === null ? value.slice(from) : value.slice(from, from + size);
    const error = problem(part);
    if (error !== null) return { ...error, position: from + (error.position ?? 0) };
    from += part.length;
  }
  if (from === value.length) return null;
  return tagError('TOO_LONG', 'The value is too long.', 0, String(from));
}
