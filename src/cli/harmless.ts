/** Topics and answers are foreign text: what would move a terminal's cursor, or turn its text around, is shown as its code. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for a text of several lines; `before` stands before all but the first, so that none can pass for a line of its own. */
export function harmlessLines(text: string, before = ''): string {
  return text.split('\n').map(harmless).join(`\n${before}`);
}
