import type { Dictionary, Key, Values } from './dictionary.ts';
import type { Format } from './format.ts';
import type { Locale } from './locale.ts';

export type { Dictionary, PlainKey } from './dictionary.ts';

export { type Locale, locales } from './locale.ts';

/** Each language is a file of its own: a phone loads the one that it shows. */
const dictionaries: Readonly<Record<Locale, () => Promise<Dictionary>>> = {
  'zh-TW': async () => (await import('./zh-tw.ts')).zhTw,
  en: async () => (await import('./en.ts')).en,
};

const againMs = 1_000;

/** The words of a language, asked for again and again where the network is bad. */
export async function loadWords(locale: Locale): Promise<Dictionary> {
  for (;;) {
    try {
      return await dictionaries[locale]();
    } catch {
      await new Promise((done) => setTimeout(done, againMs));
    }
  }
}

/** BCP 47 tag for `<html lang>`: names the script, so that browsers pick the Taiwanese glyphs. */
export const htmlLang: Readonly<Record<Locale, string>> = { 'zh-TW': 'zh-Hant-TW', en: 'en' };

/** Words of one language: `t('sku')`, `t('liveReads', { n: '1,204' })`. */
export type Translate = <K extends Key>(key: K, ...values: Values<K>) => string;

/** A key made at run time from an API value (`bucket_` + 'held'), with its slots filled, or null when there is no such word. */
export type Word = (prefix: string, value: string, values?: Readonly<Record<string, string | number>>) => string | null;

/** All that one needs to speak a language. */
export type Wording = { readonly t: Translate; readonly word: Word; readonly format: Format };

/** The translating function of a language. A slot without a value stays visible, so that it is found. */
export function translator(words: Dictionary): Translate {
  return (key, ...values) => fill(words[key], values[0] ?? {});
}

/** The word for a value of a closed list that the API may extend before this app knows it. */
export function worder(words: Readonly<Record<string, string>>): Word {
  return (prefix, value, values = {}) => {
    const text = own(words, `${prefix}_${value.replaceAll('-', '_')}`);
    return text === null ? null : fill(text, values);
  };
}

/** The best of our languages for a list of the browser's: any Chinese reads Traditional better than English. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'zh') return 'zh-TW';
    if (language === 'en') return 'en';
  }
  return 'en';
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => String(own(values, name) ?? slot));
}
