/** What a key or session may do. A closed list: a route names one of them. */
export const scopes = [
  'stock:read',
  'stock:write',
  'events:read',
  'readers:read',
  'readers:admin',
  'reads:write',
  'tags:read',
  'tags:write',
  'tags:lock',
  'tags:kill',
  'products:write',
  'crm:read',
  'crm:admin',
  'keys:admin',
  'privacy:admin',
] as const;

export type Scope = (typeof scopes)[number];

/** Whether a text is a scope of this version; a stored key may name one of another. */
export function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text);
}

const rank: Readonly<Record<string, number>> = { read: 0, write: 1, admin: 2 };

/**
 * Whether a held scope lets its holder do what needs `wanted`: who may write a thing may read it, and who runs it may do
 * both. A verb of its own kind (lock, kill) covers nothing else and is covered by nothing else.
 */
export function grants(held: Scope, wanted: Scope): boolean {
  if (held === wanted) return true;
  const [heldNoun, heldVerb = ''] = held.split(':');
  const [noun, verb = ''] = wanted.split(':');
  return heldNoun === noun && (rank[heldVerb] ?? Number.NaN) >= (rank[verb] ?? Number.NaN);
}

/**
 * Who may call a route: a scope; `any` = whoever is signed in; `credentials` = the route checks what its body brings;
 * `anonymous` = everybody; `page` = the files of the staff app, which hold no data.
 */
export type Access = Scope | 'any' | 'credentials' | 'anonymous' | 'page';

/** Who calls. `via` says by what; `keyId` is the API key behind a key or behind the session it opened. */
export type Principal = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly via: 'key' | 'session' | 'local' | 'nobody';
  readonly keyId: string | null;
};

export const nobody: Principal = { name: '', scopes: [], via: 'nobody', keyId: null };
