import { type Fault, type FaultCode, faultTable } from './faults.ts';
import { GatewayError, messageOf } from './gateway-error.ts';

type Slots<Text extends string> = Text extends `${string}{${infer Slot}}${infer Rest}` ? Slot | Slots<Rest> : never;

/** The values that a code's sentence asks for: these, no more and no fewer. */
export type FaultParams<C extends FaultCode> = Readonly<Record<Slots<(typeof faultTable)[C]['text']>, string | number>>;

/** `params` may be left out where the code has none. */
type Given<C extends FaultCode> = [keyof FaultParams<C>] extends [never]
  ? [params?: Readonly<Record<string, never>>, cause?: Fault | null]
  : [params: FaultParams<C>, cause?: Fault | null];

/** A fault of the closed list, with the values of its sentence. */
export function fault<C extends FaultCode>(code: C, ...[params = {}, cause = null]: Given<C>): Fault {
  return { code, params, cause };
}

/** Foreign words as a fault: of an error that has no code of ours, or of a row that an older version wrote. */
export function said(text: string): Fault {
  return fault('SAID', { text });
}

/** The fault in English, its cause after a colon. This is the only place where such a sentence is made. */
export function sentenceOf({ code, params, cause }: Fault): string {
  const text = faultTable[code].text.replace(/\{(\w+)\}/g, (slot, name: string) => String(params[name] ?? slot));
  if (cause === null) return text;
  const why = sentenceOf(cause);
  return text.endsWith('.') ? `${text.slice(0, -1)}: ${why.replace(/\.$/, '')}.` : `${text}: ${why}`;
}

/** The error of a fault: its code is that of the fault’s row, its message the fault’s sentence. */
export function failure(what: Fault, context: Record<string, unknown> = {}, cause?: unknown): GatewayError {
  return new GatewayError(faultTable[what.code].error, sentenceOf(what), context, cause, what);
}

/** The fault in anything that was thrown; what has none is foreign words. */
export function faultOf(error: unknown): Fault {
  return error instanceof GatewayError && error.fault !== null ? error.fault : said(messageOf(error));
}

/** Whether two say the same. */
export function isSameFault(one: Fault | null, other: Fault | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A fault as a text to be stored. */
export function faultText(what: Fault): string {
  return JSON.stringify(what);
}

/** What `faultText` made; any other text, such as one that an older version stored, is foreign words. */
export function faultIn(text: string): Fault {
  return (text.startsWith('{"code":') && parsed(text)) || said(text);
}

function parsed(text: string): Fault | null {
  try {
    return checked(JSON.parse(text), 0);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** No fault has more causes behind each other. */
const deepest = 4;

function checked(value: unknown, depth: number): Fault | null {
  if (typeof value !== 'object' || value === null || depth > deepest) return null;
  const { code, params, cause } = value as Record<string, unknown>;
  if (!isCode(code) || !areParams(params)) return null;
  const inner = cause === null ? null : checked(cause, depth + 1);
  return cause !== null && inner === null ? null : { code, params, cause: inner };
}

function isCode(value: unknown): value is FaultCode {
  return typeof value === 'string' && Object.hasOwn(faultTable, value);
}

function areParams(value: unknown): value is Fault['params'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number');
}
