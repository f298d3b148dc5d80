import { Type } from '../kit/index.ts';

/** A fault as it is sent. Its code is text to who reads it: another version may know others. */
export type Fault = {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly cause: Fault | null;
};

/** What is wrong: `code` is one of docs/errors.md, `params` are the values of its sentence, `cause` is why: a fault, or null. */
export const FaultSchema = Type.Unsafe<Fault>({
  type: 'object',
  description:
    'a fault of docs/errors.md: code, params (the values of its sentence) and cause (another fault, or null)',
  required: ['code', 'params', 'cause'],
  properties: {
    code: { type: 'string' },
    params: { type: 'object', additionalProperties: true },
    cause: { type: ['object', 'null'], additionalProperties: true },
  },
});

/** An RFC 9457 problem document. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'one of docs/errors.md' }),
  detail: Type.String(),
  fault: Type.Optional(FaultSchema),
  errors: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), found: Type.Unknown(), allowed: Type.String() })),
  ),
});
