import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { FaultSchema } from './fault.ts';
import { closed, maybeInteger, maybeText, nullable, orNull } from './shape.ts';

/** How delivery to one destination goes. */
export const DestinationSchema = Type.Object({
  id: Type.String(),
  url: Type.String(),
  state: Type.String(),
  waiting: Type.Integer(),
  oldestWaitingAt: maybeInteger,
  dead: Type.Integer(),
  delivered: Type.Integer(),
  failures: Type.Integer(),
  nextAttemptAt: maybeInteger,
  lastError: maybeText,
  lastFault: nullable(FaultSchema),
  lastSuccessAt: maybeInteger,
  since: Type.Integer(),
});
export type DestinationStatus = Answer<typeof DestinationSchema>;

/** A delivery that was given up. Its body stays inside: it may speak of a person. */
export const DeadLetterSchema = Type.Object({
  seq: Type.Integer(),
  destination: Type.String(),
  eventId: Type.String(),
  type: Type.String(),
  lane: Type.String(),
  at: Type.Integer(),
  attempts: Type.Integer(),
  reason: Type.String(),
  fault: FaultSchema,
  status: maybeInteger,
  diedAt: Type.Integer(),
});
export type DeadLetter = Answer<typeof DeadLetterSchema>;

export const ResendBody = closed({
  seqs: orNull(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 1000 })),
});
export const ResendAnswer = Type.Object({ resent: Type.Integer() });
export type Resent = Answer<typeof ResendAnswer>;
