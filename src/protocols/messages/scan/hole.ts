import type { TimeFormat } from '../time.ts';

/** In which spelling a value stands in a text; `text` is a number in quotes. */
export type Form = 'string' | 'number' | 'text' | 'hex' | 'base64' | 'iso';

/** Which column a value goes to: `again` is an EPC that stands there a second time, `none` what nobody asks for. */
export type Role =
  | 'none'
  | 'epc'
  | 'again'
  | 'tid'
  | 'pc'
  | 'antenna'
  | 'rssi'
  | 'count'
  | 'seq'
  | 'frequencyKhz'
  | 'phaseDeg'
  | 'at';

/** A place of a text whose content may differ from message to message. */
export type Hole = {
  readonly form: Form;
  readonly role: Role;
  /** What a number is multiplied by. */
  readonly factor: number;
  /** Of a number that is a time: what it may count. */
  readonly formats: readonly TimeFormat[];
};

/** Bytes that have to stand in a text as they are, and the hole behind them, unless it is the end. */
export type Step = {
  readonly bytes: readonly number[];
  readonly hole: Hole | null;
  /** What stood in the hole each time; null where that differed. Only of what nobody asks for. */
  readonly always: readonly number[] | null;
};
