import { Type } from '../kit/index.ts';
import { Id } from './parameter.ts';
import { closed, maybeInteger, oneOf, plainText } from './shape.ts';

export const Scopes = Type.Array(Type.String());

/** An API key without its secret. */
export const KeySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: oneOf(['http', 'mqtt'] as const),
  scopes: Scopes,
  readers: Type.Array(Type.String(), { description: 'the readers that it is bound to; empty: not bound' }),
  createdAt: Type.Integer(),
  lastUsedAt: maybeInteger,
  revokedAt: maybeInteger,
});

/** The key that is wanted; the scopes that there are come from the API's own table. */
export function newKeyBody<const S extends readonly string[]>(scopes: S) {
  return closed({
    name: plainText(100),
    scopes: Type.Array(oneOf(scopes), { minItems: 1, maxItems: scopes.length, uniqueItems: true }),
    readers: Type.Optional(
      Type.Array(Id, { maxItems: 1000, uniqueItems: true, description: 'binds the key to these readers' }),
    ),
  });
}

export const NewKeyAnswer = Type.Object({ id: Type.String(), key: Type.String() });
