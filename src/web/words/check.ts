import type { Check } from '../../contract/index.ts';
import { faultWords } from './fault.ts';
import type { Wording } from './index.ts';

/** A finding of the health check in words; `own` is false where they are the gateway's English ones. */
export type CheckWords = {
  readonly name: string;
  readonly text: string;
  readonly next: string | null;
  readonly own: boolean;
};

/** Says a finding in our language by its code; a code that this app does not know keeps the gateway's own text. */
export function checkWords(words: Wording, { name, code, params, faults, text, next }: Check): CheckWords {
  const values = { ...shown(words, params), ...error(words, faults) };
  const said = whole(words.word('doctor', code, values));
  const advice = next === null || next === '' ? null : whole(words.word('doctorNext', code, values));
  const own = said !== null && (advice !== null || next === null || next === '');
  const [kind = name, ...id] = name.split(' ');
  return {
    name: words.word('doctorName', kind, { id: id.join(' ') }) ?? name,
    text: own ? said : text,
    next: own ? advice : next === '' ? null : next,
    own,
  };
}

/** A text whose slots were all filled: an older gateway may not send every value. */
function whole(filled: string | null): string | null {
  return filled === null || /\{\w+\}/.test(filled) ? null : filled.trim();
}

/** The faults behind it in our language; all of them, or none. */
function error({ word }: Wording, faults: Check['faults']): { error?: string } {
  const said = faults.map((fault) => faultWords(word, fault));
  return said.length === 0 || said.includes(null) ? {} : { error: said.join(' ') };
}

const times: readonly string[] = ['now', 'newest', 'lastReadAt'];

function shown(words: Wording, params: Check['params']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, showValue(words, key, value)]));
}

function showValue(words: Wording, key: string, value: string | number): string {
  if (typeof value === 'string') return showText(words, key, value);
  if (times.includes(key)) return words.format.at(value);
  return key === 'offsetMs' ? words.format.offset(value) : words.format.count(value);
}

function showText({ t, word }: Wording, key: string, value: string): string {
  if (key === 'lastReadAt' && value === '') return t('none');
  if (key === 'reasons') return value.replace(/[A-Z][A-Z_]+/g, (reason) => word('effect', reason) ?? reason);
  return value;
}
