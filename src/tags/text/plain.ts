import { isDigits } from '../bits/digits.ts';
import { tagError } from '../error.ts';
import { aiLengths } from '../plus/ai-table.ts';
import type { Elemental, Pair } from './element-string.ts';
import type { Split } from './urn.ts';

/** FNC1 as scanners send it. */
const groupSeparator = String.fromCharCode(29);

/** Where the next FNC1 stands, as GS or as GS1's unbracketed notation prints it; else the text's end. */
function nextSeparator(text: string, from: number): number {
  const caret = text.indexOf('^', from);
  const end = caret < 0 ? text.length : caret;
  const separator = text.indexOf(groupSeparator, from);
  return separator < 0 ? end : Math.min(separator, end);
}

/** Digits after the AI for those whose length is predefined by their first two digits [GS1 General Specifications 7.8.5]. */
const predefined: Readonly<Record<string, number>> = {
  '00': 18,
  '01': 14,
  '02': 14,
  '03': 14,
  '04': 16,
  '11': 6,
  '12': 6,
  '13': 6,
  '14': 6,
  '15': 6,
  '16': 6,
  '17': 6,
  '18': 6,
  '19': 6,
  '20': 2,
  '31': 6,
  '32': 6,
  '33': 6,
  '34': 6,
  '35': 6,
  '36': 6,
  '41': 13,
};

/** The AI at `at`, or the empty text where none stands. */
function aiAt(text: string, at: number): string {
  const pair = text.slice(at, at + 2);
  const size = /\d\d/.test(pair) ? (aiLengths[Number(pair)] ?? 0) : 0;
  const ai = text.slice(at, at + size);
  return ai.length === size && isDigits(ai) ? ai : '';
}

/** Reads an element string without brackets: `01…21…`, FNC1 or `^` after values of variable length, `]d2` and the like in front. */
export function splitPlain(text: string): Split<Elemental> {
  const symbology = /^\][A-Za-z]\d/.test(text) ? 3 : 0;
  const start = nextSeparator(text, symbology) === symbology ? symbology + 1 : symbology;
  const pairs: Pair[] = [];
  const starts: number[] = [];
  for (let at = start; at < text.length; ) {
    const ai = aiAt(text, at);
    if (ai === '') return { ok: false, error: tagError('UNKNOWN_AI', 'No AI stands here.', at, 'an AI') };
    if (pairs.some(([other]) => other === ai)) {
      return { ok: false, error: tagError('SYNTAX', `AI ${ai} stands twice.`, at, 'each AI once') };
    }
    const from = at + ai.length;
    const end = nextSeparator(text, from);
    const to = Math.min(end, from + (predefined[ai.slice(0, 2)] ?? text.length));
    pairs.push([ai, text.slice(from, to)]);
    starts.push(from);
    at = to === end ? end + 1 : to;
  }
  return { ok: true, value: { pairs, starts } };
}

/** Whether `text` begins as a scanner's element string does: with a symbology identifier, with FNC1 in it, or with a key. */
export function looksPlain(text: string, isKey: (ai: string) => boolean): boolean {
  if (text.startsWith(']') || nextSeparator(text, 0) < text.length) return true;
  return [2, 3, 4].some((digits) => isKey(text.slice(0, digits)));
}

/** AI and value as a scanner sends them: `separator` (default FNC1 as GS) after values of variable length. */
export function plainText(pairs: readonly Pair[], separator = groupSeparator): string {
  let text = '';
  pairs.forEach(([ai, value], at) => {
    const open = predefined[ai.slice(0, 2)] === undefined && at < pairs.length - 1;
    text += ai + value + (open ? separator : '');
  });
  return text;
}
