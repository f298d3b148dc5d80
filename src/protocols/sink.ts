import type { Zone } from '../kit/index.ts';
import type { ReadBatch } from '../tags/index.ts';
import type { Sign } from './sign.ts';

/** What a reader answered to a command. `fields` are the profile's own names. */
export type ReaderAnswer = {
  readonly command: string;
  /** null where the answer has no status. */
  readonly ok: boolean | null;
  /** A neutral error word, null when there is none. */
  readonly error: string | null;
  /** True for "errors" that are normal while taking inventory (an empty round). */
  readonly routine: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Something a reader told that is no read. `online` is what it says of its own connection, null where it says nothing. */
export type ReaderEvent = {
  readonly name: string;
  /** Epoch ms by the reader's clock. */
  readonly at: number | null;
  readonly seq: number | null;
  readonly online: boolean | null;
  readonly detail: Readonly<Record<string, unknown>>;
  /** A sign of life that comes all the time: shown when decoding, no news for the technician. */
  readonly routine?: true;
};

/** Where decoders put what they find. `bad` input is a value with a reason, never an exception. */
export type Sink = {
  /** Where reads are put: begin a row behind the last one (`beginRow`), fill it, then `read`. Ask for each read anew. */
  rows(): ReadBatch;
  /** The row behind the last one is filled: it is a read. */
  read(): void;
  /** So many rows are filled, but for their times: they are as the reader gave them, epoch ms, NaN for none. */
  readUnstamped(count: number): void;
  answer(answer: ReaderAnswer): void;
  event(event: ReaderEvent): void;
  /** `index` is the member's place in its message; `why` is what of it was wrong, in words, where the reason does not say it. */
  bad(reason: string, bytes: Uint8Array, index: number, why?: string): void;
  /** What the reader told of its own condition; `at` is epoch ms by its clock, null where it tells none. */
  sign(sign: Sign, at: number | null): void;
  /** Told before the read it belongs to. */
  warn(code: string, by: number): void;
};

/** What a decoder cannot know by itself. */
export type DecodeContext = {
  readonly reader: string;
  /** Antenna of reports that name none; null where the reader has several. */
  readonly antenna: number | null;
  /** The time a read is given: `at` by the reader's clock, null where the report has none. */
  stamp(at: number | null, receivedAt: number): number;
  /** Whose clocks the reader's times show that name no zone; `isAssumed` where only the site says so. Absent: nobody says. */
  readonly zone?: AssumedZone | null;
};

export type AssumedZone = { readonly zone: Zone; readonly isAssumed: boolean };
