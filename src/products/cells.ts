import { textFault } from '../kit/index.ts';
import { parseGtin } from '../tags/index.ts';
import type { Reason } from './reasons.ts';

/** A GTIN-14 out of a cell; `restored` where a leading zero was lost on the way and put back. */
export type FoundGtin = { readonly ok: true; readonly gtin: string; readonly restored: boolean };
type BadGtin = { readonly ok: false; readonly reason: Reason; readonly found: string };

/** Characters of a cell with GTINs: some fifty of them. */
const longestCell = 1000;
const formula = /^="(.*)"$/s;
const decimals = /^(\d{7,14})[.,]0+$/;
const thousands = /^\d{1,3}([.,'’ \u00a0\u202f]\d{3}){2,}$/;
const scientific = /^\d+([.,]\d+)?e\+?\d+$/i;
/** Lengths whose GTIN may have begun with zeros, and the length that it then had. */
const shortened: Readonly<Record<number, number>> = { 7: 8, 9: 12, 10: 12, 11: 12 };

/**
 * The GTINs of a cell as spreadsheets and shop systems leave it: behind an apostrophe, as ="…", between blanks and tabs, with .0 at
 * the end, with separators, several in one cell. 11 digits that are a GTIN-12 with its zero are taken so; fewer are refused.
 */
export function gtinsOf(cell: string): (FoundGtin | BadGtin)[] {
  if (cell.length > longestCell) return [{ ok: false, reason: 'TOO_LONG', found: cell.slice(0, 80) }];
  const whole = bare(cell);
  if (whole === '') return [];
  if (scientific.test(whole) || decimals.test(whole) || thousands.test(whole)) return [judged(whole)];
  return whole
    .split(/[,;|/\n\r\t]+/)
    .flatMap(separated)
    .filter((code) => code !== '')
    .map(judged);
}

/** Blanks inside a code group its digits; where they do not make one GTIN they stand between several. */
function separated(text: string): string[] {
  const code = bare(text);
  const parts = code.split(/\s+/);
  const several = parts.length > 1 && parts.every((part) => /^\d{8}$|^\d{12,14}$/.test(part));
  return several ? parts : [code];
}

function judged(text: string): FoundGtin | BadGtin {
  const refused = (reason: Reason): BadGtin => ({ ok: false, reason, found: text });
  if (scientific.test(text)) return refused('SCIENTIFIC_NOTATION');
  const whole = decimals.exec(text)?.[1] ?? text;
  const digits = whole.replaceAll(thousands.test(whole) ? /\D/g : /(?<=\d)[ \-\u00a0](?=\d)/g, '');
  if (!/^\d+$/.test(digits)) return refused('NOT_DIGITS');
  if (/^0+$/.test(digits)) return refused('PLACEHOLDER');
  const parsed = parseGtin(digits);
  if (parsed.ok) return { ok: true, gtin: parsed.gtin, restored: false };
  const length = shortened[digits.length];
  const lost = length === undefined ? parsed : parseGtin(digits.padStart(length, '0'));
  if (!lost.ok) return refused(parsed.error.code === 'CHECK_DIGIT' ? 'CHECK_DIGIT' : 'LENGTH');
  return digits.length === 11 ? { ok: true, gtin: lost.gtin, restored: true } : refused('LOST_ZEROS');
}

/** A cell without what hides its content: blanks, zero-width characters, an apostrophe that says "text", the form ="…". */
function bare(cell: string): string {
  const text = cell
    .normalize('NFKC')
    .replaceAll(/[\u200b\ufeff]/g, '')
    .trim();
  const inner = formula.exec(text)?.[1] ?? text;
  return inner.replace(/^['’]/, '').trim();
}

/** A SKU: no SKU begins with an apostrophe, so one there is the spreadsheet's. Empty = none. */
export function skuOf(cell: string): string {
  const text = cell.trim();
  return (formula.exec(text)?.[1] ?? text).replace(/^'/, '').trim();
}

/** A name on one line. An apostrophe goes only where it guards against a formula: it may be the name's own. */
export function nameOf(cell: string): string {
  const text = cell.trim();
  const inner = formula.exec(text)?.[1] ?? text;
  return inner
    .replace(/^'(?=[=+\-@])/, '')
    .replaceAll(/[\t\n\r ]+/g, ' ')
    .trim();
}

/** What is wrong with a SKU or name, or null. */
export function textReason(text: string, longest: number): Reason | null {
  return text.length > longest ? 'TOO_LONG' : textFault(text);
}
