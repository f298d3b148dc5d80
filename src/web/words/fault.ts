import type { Fault } from '../../contract/index.ts';
import type { Word } from './index.ts';

/**
 * A fault in our language by its code, its cause behind it. Null for foreign words, for a code that this app does not know, and
 * where a value is missing, as another version may send it.
 */
export function faultWords(word: Word, fault: Fault): string | null {
  return fault.code === 'SAID' ? null : said(word, fault);
}

function said(word: Word, { code, params, cause }: Fault): string | null {
  const slots = word('fault', code)?.match(/\{\w+\}/g) ?? [];
  if (!slots.every((slot) => Object.hasOwn(params, slot.slice(1, -1)))) return null;
  const own = word('fault', code, { ...params, ...neutral(word, params) });
  if (own === null || cause === null) return own;
  // Words of a device or receiver have no translation: as a cause they stand as they are.
  const why = said(word, cause);
  return why === null ? null : joined(word, own, why);
}

/** One of the closed list of neutral error words of readers. */
function neutral(word: Word, { word: named }: Fault['params']): Readonly<Record<string, string>> {
  return typeof named === 'string' ? { word: word('readerWord', named) ?? named } : {};
}

function joined(word: Word, fault: string, cause: string): string | null {
  const end = ['.', '。'].find((mark) => fault.endsWith(mark)) ?? '';
  const values = { fault: withoutEnd(fault), cause: withoutEnd(cause) };
  const text = word('fault', 'because', values);
  return text === null ? null : text + end;
}

function withoutEnd(words: string): string {
  return words.endsWith('.') || words.endsWith('。') ? words.slice(0, -1) : words;
}
