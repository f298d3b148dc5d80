import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { maybeText } from './shape.ts';

/** A place with its read points, and how many tags are present at each. */
export const LocationSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  parent: maybeText,
  readPoints: Type.Array(Type.Object({ id: Type.String(), kind: Type.String(), present: Type.Integer() })),
});
export type Location = Answer<typeof LocationSchema>;
