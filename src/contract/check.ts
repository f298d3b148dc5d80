import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { FaultSchema } from './fault.ts';
import { maybeText } from './shape.ts';

/** Something that is well or not, in words by its code; `faults` are what its value `error` says. */
const CheckSchema = Type.Object({
  name: Type.String(),
  state: Type.String({ description: 'ok, warn or fail' }),
  code: Type.String(),
  params: Type.Unsafe<Readonly<Record<string, string | number>>>({ type: 'object', additionalProperties: true }),
  faults: Type.Array(FaultSchema),
  text: Type.String(),
  next: maybeText,
});
export type Check = Answer<typeof CheckSchema>;

export const DoctorAnswer = Type.Object({ checks: Type.Array(CheckSchema) });
export type DoctorReport = Answer<typeof DoctorAnswer>;
