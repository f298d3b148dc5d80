import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { FaultSchema } from './fault.ts';
import { maybeInteger, maybeNumber, maybeText, nullable } from './shape.ts';

const AntennaSchema = Type.Object({
  antenna: maybeInteger,
  readPoint: maybeText,
  reads: Type.Integer(),
  rate: Type.Number(),
  lastReadAt: maybeInteger,
  baseline: maybeNumber,
  health: Type.String(),
});
export type AntennaStatus = Answer<typeof AntennaSchema>;

/** What is known of one reader. */
export const ReaderSchema = Type.Object({
  id: Type.String(),
  profile: Type.String(),
  link: Type.Object({
    state: Type.String(),
    since: Type.Integer(),
    error: maybeText,
    fault: nullable(FaultSchema),
    address: Type.String(),
  }),
  lastError: nullable(Type.Object({ text: Type.String(), fault: FaultSchema, at: Type.Integer() })),
  online: nullable(Type.Boolean()),
  reachable: Type.Boolean(),
  session: Type.Object({
    state: Type.String(),
    since: Type.Integer(),
    problem: maybeText,
    fault: nullable(FaultSchema),
  }),
  identity: maybeText,
  lastReadAt: maybeInteger,
  reads: Type.Integer(),
  antennas: Type.Array(AntennaSchema),
  rejected: Type.Record(Type.String(), Type.Integer()),
  warnings: Type.Record(Type.String(), Type.Integer()),
  missing: Type.Integer(),
  samples: Type.Array(Type.Object({ reason: Type.String(), at: Type.Integer(), hex: Type.String() })),
  clockOffsetMs: maybeNumber,
  lastEvent: maybeText,
  findings: Type.Array(
    Type.Object({
      code: Type.String(),
      state: Type.String(),
      params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
      faults: Type.Array(FaultSchema),
      text: Type.String(),
      next: maybeText,
    }),
  ),
});
export type ReaderStatus = Answer<typeof ReaderSchema>;
