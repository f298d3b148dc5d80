import { wordsOf } from '../bits/hex.ts';
import { readEpc } from '../read.ts';
import { afiTitle, type ProtocolControl, readPc, readXpc } from './protocol-control.ts';

/** What a reader reported as an EPC, when a PC word stands in front of it. */
export type SplitPc = {
  /** The PC word as 4 upper-case hex digits. */
  readonly pc: string;
  /** What the word announces, without XPC words, upper case. */
  readonly epc: string;
  /** The AFI, where the word says that an ISO UII follows and no EPC. */
  readonly afi: string | null;
  /** What follows is an EPC to its last bit, which leaves no doubt. */
  readonly isEpc: boolean;
};

/** 96 and 128 bits: tags of these sizes hold every kind of numbering, so that some begin like a PC word by chance. */
const usualWords: readonly number[] = [6, 8];

/**
 * Content that a reader reports with the PC word in front of it. Its first word must announce exactly the words that follow, and the reading
 * that decodes wins: what is an EPC of its scheme is never split, so no EPC of its usual length is. `null` where no PC word stands in front.
 */
export function splitPc(hex: string): SplitPc | null {
  const words = hex.length / 4;
  if (!Number.isInteger(words) || words < 2 || announced(hex) !== words - 1) return null;
  const control = readPc(Number.parseInt(hex.slice(0, 4), 16));
  const epc = behindXpc(hex.slice(4), control).toUpperCase();
  if (wordsOf(hex) === null || epc === '') return null;
  const isEpc = !control.iso && soundOf(epc).is === 'whole';
  return isInFront(hex, control, isEpc) ? { pc: hex.slice(0, 4).toUpperCase(), epc, afi: control.afi, isEpc } : null;
}

/** The five bits of length of a PC word. Nearly every read ends here, so no text is made. */
function announced(hex: string): number {
  return (digitAt(hex, 0) << 1) | (digitAt(hex, 1) >> 3);
}

function digitAt(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
  return (code & 15) + (code >> 6) * 9;
}

function behindXpc(rest: string, { extended }: ProtocolControl): string {
  if (!extended) return rest;
  return rest.slice(readXpc(Number.parseInt(rest.slice(0, 4), 16)).second ? 8 : 4);
}

function isInFront(hex: string, control: ProtocolControl, isEpc: boolean): boolean {
  const words = hex.length / 4;
  const whole = soundOf(hex);
  // An EPC whose words behind its last are zero is read with too many words, unless both readings are sound: then the plainer PC word.
  if (whole.is === 'whole') return isEpc && isPlain(control) && whole.words < words;
  if (isEpc) return true;
  return isPlain(control) && !control.extended && !usualWords.includes(words);
}

/** Whether the low byte is as the standards have it: no attribute but “hazardous”, or an AFI that is assigned [TDS 9.2.4, 9.2.5]. */
function isPlain({ iso, afi, attributes }: ProtocolControl): boolean {
  return iso ? afi !== null && afiTitle(afi) !== null : (attributes ?? 0) <= 1;
}

/** How well content reads as an EPC: wholly, with other bits behind it, or not at all; and how many words its scheme takes. */
function soundOf(hex: string): { readonly is: 'whole' | 'surplus' | 'none'; readonly words: number } {
  const reading = readEpc(hex);
  const words = hex.length / 4;
  if (reading === null || reading.reader.problem !== null) return { is: 'none', words };
  const { bits } = reading.layout.scheme;
  const is = reading.reader.marks?.includes('TRAILING_BITS') === true ? 'surplus' : 'whole';
  return { is, words: bits === null ? words : Math.ceil(bits / 16) };
}
