import { readFileSync } from 'node:fs';

export type Positive = {
  id: string;
  hex: string;
  bits: number;
  scheme: string;
  filter?: number;
  partition?: number;
  tagUri?: string;
  pureIdentityUri?: string;
  ai?: [string, string][];
  elementString?: string;
  digitalLink?: string;
  canonicalDigitalLink?: string;
  canonicalEncoding: boolean;
  aidc?: [string, string][];
  prioritisedDate?: { ai: string; value: string };
  hostname?: string;
  hostnameMethod?: 'urn-code-40' | '7-bit';
  dataToggle?: number;
};

export type Negative = {
  id: string;
  kind: string;
  input: string;
  why: string;
  expected: string;
  errorClass: string;
  scheme?: string;
  pc?: string;
  epc?: string;
  rawUri?: string;
};

type Vectors = { positive: Positive[]; negative: Negative[]; judgement: Negative[] };

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../golden/${name}`, import.meta.url), 'utf8'));
}

/** The conversion vectors of TDS 2.3. */
export const vectors = read('epc-vectors.json') as Vectors;

/** EPC banks, PC words, TIDs. */
export const memoryVectors = read('epc-memory-vectors.json') as Record<string, unknown>[];

/** Digits of the company prefix, from the partition value. */
export function prefixLength(vector: Positive): number | undefined {
  return vector.partition === undefined ? undefined : 12 - vector.partition;
}
