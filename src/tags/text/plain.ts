import { aiSizes, isAi } from '../ai/dictionary.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { type Elemental, groupSeparator, type Pair, unknownElement } from './element-string.ts';
import type { Split } from './urn.ts';

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

/** The AI at `at`, known or not; the empty text where none can stand. */
export function aiAt(text: string, at: number): string {
  const pair = text.slice(at, at + 2);
  const size = /\d\d/.test(pair) ? (aiSizes[Number(pair)] ?? 0) : 0;
  const ai = text.slice(at, at + size);
  return ai.length === size && isAi(ai) ? ai : '';
}

/** Where the elements begin, behind a symbology identifier and a leading FNC1. */
export function plainStart(text: string): number {
  const symbology = /^\][A-Za-z]\d/.test(text) ? 3 : 0;
  return nextSeparator(text, symbology) === symbology ? symbology + 1 : symbology;
}

/**
 * Reads an element string without brackets: `01…21…`, FNC1 or `^` after values of variable length, `]d2` and the like in front. What has
 * no known AI is passed over up to the next FNC1.
 */
export function splitPlain(text: string): Split<Elemental> {
  const pairs: Pair[] = [];
  const starts: number[] = [];
  const warnings: TagError[] = [];
  for (let at = plainStart(text); at < text.length; ) {
    const ai = aiAt(text, at);
    if (pairs.some(([other]) => other === ai)) {
      return { ok: false, error: tagError('SYNTAX', `AI ${ai} stands twice.`, at, 'each AI once') };
    }
    const from = at + ai.length;
    const end = nextSeparator(text, from);
    const to = ai === '' ? end : Math.min(end, from + (predefined[ai.slice(0, 2)] ?? text.length));
    if (ai === '') warnings.push(unknownElement('', at));
    else {
      pairs.push([ai, text.slice(from, to)]);
      starts.push(from);
    }
    at = to === end ? end + 1 : to;
  }
  return { ok: true, value: { pairs, starts, warnings } };
}

/** Whether a scanner marked `text` as an element string: by a symbology identifier in front, or by FNC1 in it. */
export function isMarkedPlain(text: string): boolean {
  return text.startsWith(']') || nextSeparator(text, 0) < text.length;
}

/** Whether `text` is marked as an element string, or begins with a key, of those that need no mark. */
export function looksPlain(text: string, isKey: (ai: string) => boolean): boolean {
  return isMarkedPlain(text) || [2, 3, 4].some((digits) => isKey(text.slice(0, digits)));
}

/** AI and value as a scanner sends them: `separator` (default FNC1 as GS) after values of variable length. */
export function plainText(pairs: readonly Pair[], separator: string): string {
  let text = '';
  pairs.forEach(([ai, value], at) => {
    const open = predefined[ai.slice(0, 2)] === undefined && at < pairs.length - 1;
    text += ai + value + (open ? separator : '');
  });
  return text;
}
