import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { Scopes } from './key.ts';
import { closed, maybeText } from './shape.ts';

export const Credentials = Type.Union([
  closed({ code: Type.String({ minLength: 1, maxLength: 200 }) }),
  closed({ key: Type.String({ minLength: 1, maxLength: 200 }) }),
]);

/** Who has just signed in. */
export const SignedInSchema = Type.Object({ name: Type.String(), scopes: Scopes });
export type SignedIn = Answer<typeof SignedInSchema>;

/** Who is signed in, and where. */
export const SessionSchema = Type.Object({
  ...SignedInSchema.properties,
  site: Type.Object({ id: Type.String(), name: Type.String(), gln: maybeText }),
});
export type StaffSession = Answer<typeof SessionSchema>;

export const SignInCode = Type.Object({ code: Type.String() });
