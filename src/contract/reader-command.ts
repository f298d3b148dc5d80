import { type TSchema, Type } from '../kit/index.ts';
import { maybeText, nullable, oneOf } from './shape.ts';

/** What reader or tag made of a command; the words of outcomes and errors are those of `readers` and `protocols`. */
export function commandAnswer<const O extends readonly string[], const E extends readonly string[]>(
  outcomes: O,
  errors: E,
) {
  const error = nullable({ ...Type.String(), enum: [...errors, null] } as TSchema & { static: E[number] });
  return Type.Object({
    command: Type.String(),
    reader: Type.String(),
    outcome: oneOf(outcomes),
    error,
    message: Type.String(),
    steps: Type.Array(Type.Object({ step: Type.String(), ok: Type.Boolean(), error })),
    epc: maybeText,
    tid: maybeText,
    data: maybeText,
    fields: Type.Record(Type.String(), Type.Unknown()),
  });
}
