import { type Static, Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { ItemEventSchema } from './history.ts';
import { At, Id } from './parameter.ts';
import { closed, maybeText, nullable, orNull, plainText } from './shape.ts';

/** Inputs of one call. */
const mostInputs = 10_000;

export const ItemInputSchema = closed({
  id: Id,
  input: Type.String({
    pattern: '^[A-Za-z]{1,40}$',
    description: 'an input of the lifecycle table: sell, return, hold …',
  }),
  at: Type.Optional(At),
  location: Type.Optional(orNull(Id)),
  reason: Type.Optional(orNull(plainText(100))),
  party: Type.Optional(orNull(plainText(100))),
});
export type ItemInputBody = Static<typeof ItemInputSchema>;

/** One of many inputs: it names its item. */
export const NamedInputSchema = closed({
  item: Type.String({ minLength: 1, maxLength: 1500, description: 'EPC as hex or any URI of the item' }),
  ...ItemInputSchema.properties,
});

/** Many inputs. Each is checked by itself: one that is wrong does not keep the others from being taken. */
export const ItemInputsSchema = closed({
  inputs: Type.Array(Type.Union([NamedInputSchema, Type.Unknown()]), { minItems: 1, maxItems: mostInputs }),
});

/** What one input did. */
export const ItemInputAnswer = Type.Object({ events: Type.Array(ItemEventSchema) });

const InputResultSchema = Type.Object({
  id: nullable(Type.String({ description: 'of the input; null where it has none that can be read' })),
  item: nullable(Type.String({ description: 'the identity that was named; null where none was' })),
  event: nullable(
    Type.Object(
      { id: Type.String(), type: Type.String(), lifecycle: Type.String(), location: maybeText },
      { description: 'what it did; null where it was refused, or was applied before' },
    ),
  ),
  error: nullable(
    Type.Object(
      {
        code: Type.String(),
        detail: Type.String(),
        allowed: Type.Array(Type.String(), { description: 'what would have been taken, where it can be listed' }),
      },
      { description: 'why it was refused; null where it was taken' },
    ),
  ),
});
export type ItemInputResult = Answer<typeof InputResultSchema>;

/** What each of many inputs did. */
export const ItemInputsAnswer = Type.Object({
  results: Type.Array(InputResultSchema, { description: 'in the order of the inputs' }),
});
