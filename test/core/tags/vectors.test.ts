import { describe, expect, it } from 'vitest';
import { decodeEpc, encodeEpc, identityOf, parseTag } from '../../../src/tags/index.ts';
import { type Negative, type Positive, prefixLength, vectors } from './golden.ts';

const known = vectors.positive;

/** Which of our codes say what the vector's class says. A grammar violation has a more precise code here. */
const codesOfClass: Record<string, string[]> = {
  syntax: [
    'SYNTAX',
    'EMPTY',
    'UNKNOWN_SCHEME',
    'TOO_LONG',
    'TOO_SHORT',
    'BAD_CHARACTER',
    'LEADING_ZERO',
    'FIELD_OVERFLOW',
    'BAD_PARTITION',
    'BAD_ESCAPE',
  ],
  length: ['TOO_SHORT', 'TOO_LONG'],
  header: ['RESERVED_HEADER', 'UNKNOWN_SCHEME', 'UNKNOWN_AI'],
  partition: ['BAD_PARTITION'],
  overflow: ['FIELD_OVERFLOW'],
  'reserved-bits': ['BAD_PADDING'],
  charset: ['BAD_CHARACTER'],
  'numeric-string': ['BAD_NUMERIC_STRING'],
  reserved: ['RESERVED_VALUE'],
  date: ['BAD_DATE'],
  'leading-zero': ['LEADING_ZERO'],
  escape: ['BAD_ESCAPE'],
  'check-digit': ['CHECK_DIGIT'],
  'class-level': ['CLASS_LEVEL'],
  'unknown-ai': ['UNKNOWN_AI'],
  pc: ['BAD_PC', 'TOO_SHORT'],
};

function decoded(hex: string) {
  const result = decodeEpc(hex);
  if (!result.ok) throw new Error(`${hex}: ${JSON.stringify(result.error)}`);
  return result.epc;
}

function idOf(text: string, companyPrefixLength?: number) {
  const result = parseTag(text, { companyPrefixLength });
  return result.ok ? result.epc.id : result.error;
}

describe('the standard’s positive vectors', () => {
  it.each(known)('$id decodes to what its fields say', (vector: Positive) => {
    const epc = decoded(vector.hex);
    expect(epc).toMatchObject({
      scheme: vector.scheme,
      hex: vector.hex,
      filter: vector.filter ?? null,
      tagUri: vector.tagUri ?? null,
      epcUri: vector.pureIdentityUri ?? null,
      elementString: vector.elementString ?? null,
    });
    if (vector.digitalLink !== undefined) expect(epc.digitalLink).toBe(vector.digitalLink);
  });

  it.each(known)('$id: every text form names the same object', (vector: Positive) => {
    const { id } = decoded(vector.hex);
    for (const text of [
      vector.tagUri,
      vector.pureIdentityUri,
      vector.elementString,
      vector.digitalLink,
      vector.canonicalDigitalLink,
    ]) {
      if (text !== undefined) expect([text, idOf(text)]).toEqual([text, id]);
    }
  });

  it.each(known.filter((vector) => vector.tagUri !== undefined))('$id encodes from every form', (vector: Positive) => {
    const { scheme, filter } = vector;
    const companyPrefixLength = prefixLength(vector);
    for (const text of [vector.tagUri, vector.pureIdentityUri, vector.elementString, vector.digitalLink]) {
      if (text === undefined) continue;
      const result = encodeEpc(text, { scheme, filter, companyPrefixLength });
      expect([text, result.ok ? result.epc.hex : result.error]).toEqual([text, vector.hex]);
    }
  });
});

describe('the + and ++ vectors', () => {
  const plus = known.filter((vector) => vector.scheme.includes('+'));
  const dated = (vector: Positive) => vector.prioritisedDate !== undefined;

  it.each(plus)('$id gives its data, and is marked where another encoding is shorter', (vector: Positive) => {
    const epc = decoded(vector.hex);
    const date = vector.prioritisedDate;
    const data = date === undefined ? [] : [[date.ai, date.value]];
    expect(epc.data).toEqual([...data, ...(vector.aidc ?? [])]);
    expect(epc.fields['hostname']).toBe(vector.hostname);
    if (vector.canonicalEncoding) expect(epc.marks).not.toContain('NON_SHORTEST');
    else if (!vector.hostname) expect(epc.marks).toContain('NON_SHORTEST');
    const carriesData = vector.aidc !== undefined;
    expect(epc.marks.includes('TOGGLE_MISMATCH')).toBe((vector.dataToggle === 1) !== carriesData);
  });

  const exact = plus.filter(
    (vector) => vector.canonicalEncoding && (vector.dataToggle === 1) === (vector.aidc !== undefined),
  );

  it.each(exact)('$id encodes from its element string, its link and another tag', (vector: Positive) => {
    const { scheme, filter, hostname } = vector;
    const texts = [vector.elementString, vector.hex];
    if (vector.aidc === undefined || dated(vector)) texts.push(vector.digitalLink);
    for (const text of texts) {
      if (text === undefined) continue;
      const result = encodeEpc(text, { scheme, filter, hostname });
      expect([text, result.ok ? result.epc.hex : result.error]).toEqual([text, vector.hex]);
    }
  });

  it('covers most of them', () => {
    expect(exact.length).toBeGreaterThan(100);
  });
});

function negatives(kind: string): Negative[] {
  return vectors.negative.filter((vector) => vector.kind === kind);
}

describe('the standard’s negative vectors', () => {
  it.each(negatives('hex-decode'))('$id is refused: $why', (vector: Negative) => {
    const { epc, problem } = identityOf(vector.input);
    // A ++ tag under the header of + reads the host name as data: any fault is the right answer.
    const misprint = vector.errorClass === 'header' && vector.scheme?.endsWith('+');
    if (misprint) expect(problem).not.toBeNull();
    else expect(codesOfClass[vector.errorClass]).toContain(problem?.code);
    if (vector.rawUri !== undefined) expect(epc.epcUri).toBe(vector.rawUri);
    if (vector.errorClass !== 'header') expect(decodeEpc(vector.input).ok).toBe(false);
  });

  it.each(negatives('tag-uri-encode'))('$id cannot be encoded and names no tag: $why', (vector: Negative) => {
    for (const result of [encodeEpc(vector.input), parseTag(vector.input)]) {
      expect(result.ok ? result.epc.id : codesOfClass[vector.errorClass]).toContain(
        result.ok ? null : result.error.code,
      );
    }
  });

  it.each([
    ...negatives('pure-identity-parse'),
    ...negatives('element-string-parse'),
    ...negatives('digital-link-parse'),
  ])('$id is no identifier: $why', (vector: Negative) => {
    const result = parseTag(vector.input);
    expect(result.ok ? result.epc.id : codesOfClass[vector.errorClass]).toContain(result.ok ? null : result.error.code);
  });
});
