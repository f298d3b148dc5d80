import { type Fault, sentenceOf } from '../kit/index.ts';
import type { Finding, FindingCode } from '../readers/index.ts';
import type { Facts } from './facts.ts';

export type Values = Readonly<Record<string, string | number>>;

/** A row of the table: when it holds on the facts, and what is said then. `{name}` in a text is a value of `holds`. */
export type Row = {
  readonly code: FindingCode;
  readonly state: Finding['state'] | ((facts: Facts) => Finding['state']);
  /** The values for the text; null where it does not hold. */
  holds(facts: Facts): Values | null;
  /** What is behind it; `{error}` is these in words. */
  faults?(facts: Facts): readonly Fault[];
  readonly text: string | ((facts: Facts, values: Values) => string);
  readonly next: string | null;
};

/** The finding of a row that holds; every finding names its `reader`. */
export function findingOf(row: Row, facts: Facts): Finding | null {
  const held = row.holds(facts);
  if (held === null) return null;
  const faults = row.faults?.(facts) ?? [];
  const error = row.faults === undefined ? {} : { error: faults.map(sentenceOf).join('; ') };
  const params = { reader: facts.id, ...held, ...error };
  const text = typeof row.text === 'string' ? filled(row.text, params) : row.text(facts, params);
  const state = typeof row.state === 'string' ? row.state : row.state(facts);
  return { code: row.code, state, params, faults, text, next: row.next === null ? null : filled(row.next, params) };
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => String(values[name] ?? slot));
}
