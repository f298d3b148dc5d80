/** One key that went down, as the browser reports it; `at` is when it went down, ms of any steady clock. */
export type ScanKey = {
  readonly key: string;
  /** The physical key: all that is left of it while an input method composes. */
  readonly code: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly altGraph: boolean;
  readonly shift: boolean;
  readonly capsLock: boolean;
  readonly at: number;
};

/** What a key was: nothing to a scan, perhaps a character of one (`fast` = no hand types so), the echo of its end, or its end. */
export type KeyVerdict =
  | { readonly kind: 'none' | 'echo' }
  | { readonly kind: 'part'; readonly fast: boolean; readonly length: number }
  | { readonly kind: 'scan'; readonly text: string };

/** Characters further apart than this, ms, belong to no scan, not even of a slow Bluetooth scanner. */
const maxGapMs = 400;
/** A hand does not keep this up, ms from character to character. */
const fastGapMs = 50;
/** Scanners that end with carriage return and line feed press Enter twice. */
const echoMs = 150;
/** FNC1 inside an element string [GS1 General Specifications 7.8.3]. */
const groupSeparator = '\u001d';
const fewestLetters = 3;
const fewestLettersInField = 4;

const modifiers = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Dead']);

type Typed = { readonly char: string; readonly at: number };

/**
 * Tells a barcode scanner, which types like a keyboard and ends with Enter or Tab, from hands. Where nothing takes text,
 * any quick run of characters is a scan; in a field it must be faster than hands or be an identifier (`isCode`).
 */
export function createScanKeys(isCode: (text: string) => boolean): {
  take(key: ScanKey, inField: boolean): KeyVerdict;
} {
  let run: Typed[] = [];
  let altDigits = '';
  let scannedAt = Number.NEGATIVE_INFINITY;
  const end = (at: number, inField: boolean): KeyVerdict => {
    const echo = run.length === 0 && at - scannedAt < echoMs;
    const text = scanned(run, at, inField, isCode);
    run = [];
    altDigits = '';
    if (text === null) return { kind: echo ? 'echo' : 'none' };
    scannedAt = at;
    return { kind: 'scan', text };
  };
  const add = (char: string, at: number): KeyVerdict => {
    const gap = at - timeOf(run.at(-1));
    if (gap > maxGapMs) run = [];
    // Space pushes buttons and moves the page.
    if (char === ' ' && (run.length === 0 || gap > fastGapMs)) return { kind: 'none' };
    run.push({ char, at });
    return { kind: 'part', fast: gap <= fastGapMs, length: run.length };
  };
  const take = (key: ScanKey, inField: boolean): KeyVerdict => {
    if (isEnd(key)) return end(key.at, inField);
    const digit = altDigit(key);
    if (digit !== null) {
      altDigits += digit;
      return { kind: 'none' };
    }
    if (modifiers.has(key.key)) return { kind: 'none' };
    if (altDigits !== '') {
      add(String.fromCharCode(Number(altDigits) % 256), key.at);
      altDigits = '';
    }
    const char = charOf(key);
    if (char !== null) return add(char, key.at);
    // A shortcut is no part of it; a key that edits or moves ends it.
    if (!key.ctrl) run = [];
    return { kind: 'none' };
  };
  return { take };
}

function isEnd({ key, code, shift, ctrl, alt }: ScanKey): boolean {
  if (ctrl || alt) return false;
  return key === 'Enter' || code === 'Enter' || code === 'NumpadEnter' || ((key === 'Tab' || code === 'Tab') && !shift);
}

/** The text of a run that ended at `at`, or null when hands made it. */
function scanned(run: readonly Typed[], at: number, inField: boolean, isCode: (text: string) => boolean) {
  const last = run.at(-1);
  if (last === undefined || at - last.at > maxGapMs) return null;
  const text = textOf(run);
  if (!inField) return run.length >= fewestLetters ? text : null;
  if (isCode(text)) return text;
  // Somebody was still typing when the scanner began.
  const tail = textOf(run.slice(run.findLastIndex(({ at: own }, index) => own - timeOf(run[index - 1]) > fastGapMs)));
  if (tail !== text && isCode(tail)) return tail;
  const begun = run[0]?.at ?? at;
  return run.length >= fewestLettersInField && (at - begun) / run.length <= fastGapMs ? text : null;
}

function timeOf(before: Typed | undefined): number {
  return before?.at ?? Number.NEGATIVE_INFINITY;
}

function textOf(run: readonly Typed[]): string {
  return run.map(({ char }) => char).join('');
}

/** The character that a key stands for; null for all other keys. */
function charOf(key: ScanKey): string | null {
  // Control and ] together are the group separator on a keyboard [ASCII].
  if (key.ctrl && !key.altGraph) return key.code === 'BracketRight' || key.key === ']' ? groupSeparator : null;
  if (key.alt && !key.altGraph) return null;
  if ([...key.key].length === 1) return key.key;
  return key.key === 'Process' || key.key === 'Unidentified' ? physicalChar(key) : null;
}

/** Scanners for Windows send what no key has as Alt and digits of the number pad. */
function altDigit({ alt, altGraph, code }: ScanKey): string | null {
  return alt && !altGraph ? (/^Numpad(\d)$/.exec(code)?.[1] ?? null) : null;
}

const shiftedDigits = ')!@#$%^&*(';
const punctuation: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Backslash: ['\\', '|'],
  Space: [' ', ' '],
  NumpadSubtract: ['-', '-'],
  NumpadDecimal: ['.', '.'],
  NumpadDivide: ['/', '/'],
};

/** What the key is on the US layout, which scanners type as they leave the factory. */
function physicalChar({ code, shift, capsLock }: ScanKey): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift === capsLock ? letter.toLowerCase() : letter;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shift ? (shiftedDigits[Number(digit)] ?? null) : digit;
  const numpad = /^Numpad(\d)$/.exec(code)?.[1];
  return numpad ?? punctuation[code]?.[shift ? 1 : 0] ?? null;
}
