/** Why a text or bit string is not a valid identifier. A closed list; `docs/tags.md` names each. */
export type TagErrorCode =
  | 'SYNTAX'
  | 'RESERVED_HEADER'
  | 'BAD_PARTITION'
  | 'FIELD_OVERFLOW'
  | 'BAD_PADDING'
  | 'BAD_CHARACTER'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'CHECK_DIGIT'
  | 'LEADING_ZERO'
  | 'UNKNOWN_SCHEME'
  | 'NOT_ENCODABLE'
  | 'EMPTY'
  | 'RESERVED_VALUE'
  | 'BAD_NUMERIC_STRING'
  | 'BAD_DATE'
  | 'BAD_ESCAPE'
  | 'BAD_PC'
  | 'UNKNOWN_AI'
  | 'CLASS_LEVEL'
  | 'PC_WORD';

/** What is odd about a tag that is valid all the same; `docs/tags.md` names each. */
export type TagMark = 'NON_SHORTEST' | 'TOGGLE_MISMATCH' | 'TRAILING_BITS';

/** `position` counts bits from the start of the EPC, or characters of the text; `expected` says what would have been right. */
export type TagError = {
  readonly code: TagErrorCode;
  readonly message: string;
  readonly position: number | null;
  readonly expected: string | null;
};

/** A decoded identity [TDS 2.3]. A member that the scheme does not have is `null`. */
export type Epc = {
  /** Scheme with its size as in the tag URI: `sgtin-96`, `sscc-96`, … or `raw`. */
  readonly scheme: string;
  /** Upper-case hex of the EPC, zero-filled to whole 16-bit words. */
  readonly hex: string | null;
  /** The identity of the object: its canonical GS1 Digital Link where one exists, else its URN. */
  readonly id: string;
  readonly tagUri: string | null;
  readonly epcUri: string | null;
  readonly elementString: string | null;
  readonly digitalLink: string | null;
  readonly filter: number | null;
  /** GTIN-14 of trade items, for stock. */
  readonly gtin: string | null;
  /** The scheme's own names: companyPrefix, itemReference, gtin, serial, sscc, gln, … */
  readonly fields: Readonly<Record<string, string>>;
  /** Data elements beside the key, as AI and value: +AIDC data, the prioritised date, Digital Link attributes. */
  readonly data: readonly (readonly [ai: string, value: string])[];
  readonly marks: readonly TagMark[];
};

export type TagResult = { readonly ok: true; readonly epc: Epc } | { readonly ok: false; readonly error: TagError };

/**
 * What a text was read as. `warnings` are about what stands beside a good identity: an element whose AI is not known (`UNKNOWN_AI`), one at
 * the wrong place of a link (`SYNTAX`), a PC word that was cut off (`PC_WORD`).
 */
export type ParseResult =
  | { readonly ok: true; readonly epc: Epc; readonly warnings: readonly TagError[] }
  | { readonly ok: false; readonly error: TagError };
