/** The GTIN-14 that a text names: an EPC of a trade item, an element string or link with its GTIN; else null. */
export type GtinOf = (text: string) => string | null;

/** A free text, made safe, as a condition over `products`. */
export type TextSearch = {
  /** SQL condition over a row of `products`; every value in it is bound, so no character of the text is an operator. */
  readonly products: string;
  /** The text is digits: `@digits` may be looked for inside a GTIN. */
  readonly digits: boolean;
  /** The text is an EPC of a trade item: `@epcGtin` is its GTIN. */
  readonly gtin: boolean;
  readonly bound: Readonly<Record<string, string>>;
};

/**
 * The form in which texts are kept and asked for: NFKC (full-width digits and half-width kana become ordinary ones), case
 * folded, control characters and runs of space as one space.
 */
export function searchForm(text: string): string {
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
}

/** More words than this in one search are cut: each is one condition. */
const maxWords = 8;
/** The trigram index knows nothing of shorter words: those are looked for by reading the column. */
const indexedFrom = 3;

/**
 * A free text as a search: every word must occur, anywhere, in name, SKU or GTIN. `gtinOf` tells the GTIN of a text that
 * is an EPC in any form. 'nothing' when the text holds no character to look for.
 */
export function matching(q: string, gtinOf: GtinOf): TextSearch | 'nothing' {
  const form = searchForm(q);
  if (form === '') return 'nothing';
  const words = form.split(' ').slice(0, maxWords);
  const long = words.filter((word) => [...word].length >= indexedFrom);
  const short = words.filter((word) => [...word].length < indexedFrom);
  const conditions = short.map((_, at) => `instr(search, @word${at}) > 0`);
  if (long.length > 0) conditions.push('n IN (SELECT rowid FROM products_text WHERE products_text MATCH @phrases)');
  const epcGtin = gtinOf(q.trim());
  return {
    products: conditions.join(' AND '),
    digits: /^\d+$/.test(form),
    gtin: epcGtin !== null,
    bound: {
      ...Object.fromEntries(short.map((word, at) => [`word${at}`, word])),
      phrases: long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' '),
      digits: form,
      epcGtin: epcGtin ?? '',
    },
  };
}
