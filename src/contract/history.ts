import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { maybeInteger, maybeNumber, maybeText } from './shape.ts';

const happening = {
  id: Type.String(),
  type: Type.String(),
  input: Type.String(),
  at: Type.Integer(),
};
const effect = {
  alert: maybeText,
  fromLocation: maybeText,
  location: maybeText,
  fromLifecycle: maybeText,
  lifecycle: Type.String(),
  readPoint: maybeText,
  reader: maybeText,
  antenna: maybeInteger,
  rssi: maybeNumber,
  bizStep: maybeText,
  disposition: maybeText,
};

/** What happened to an item, before it has a place in the log. */
export const ItemEventSchema = Type.Object({ ...happening, ...effect });

/** One line of an item's history. */
export const HistoryRowSchema = Type.Object({
  seq: Type.Integer(),
  ...happening,
  recordedAt: Type.Integer(),
  ...effect,
});
export type HistoryRow = Answer<typeof HistoryRowSchema>;
