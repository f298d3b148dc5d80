import type { SignedIn } from '../../contract/index.ts';

/** What of a sign-in matters to rights. */
export type Held = { readonly state: string; readonly session?: Pick<SignedIn, 'scopes'> };

const rank: Readonly<Record<string, number>> = { read: 0, write: 1, admin: 2 };

/** Whether somebody is signed in whose scopes cover this one: who may write a thing may read it, as the gateway has it. */
export function may(signIn: Held, scope: string): boolean {
  return signIn.session?.scopes.some((held) => covers(held, scope)) ?? false;
}

function covers(held: string, wanted: string): boolean {
  if (held === wanted) return true;
  const [heldNoun, heldVerb = ''] = held.split(':');
  const [noun, verb = ''] = wanted.split(':');
  return heldNoun === noun && (rank[heldVerb] ?? Number.NaN) >= (rank[verb] ?? Number.NaN);
}
