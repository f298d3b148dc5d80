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
  /** The readers that the caller is bound to; empty: not bound. */
  readonly readers: readonly string[];
  readonly via: 'key' | 'session' | 'local' | 'nobody';
  readonly keyId: string | null;
};

export const nobody: Principal = { name: '', scopes: [], readers: [], via: 'nobody', keyId: null };

/** Whether a caller may have to do with a reader. */
export function reaches({ readers }: Pick<Principal, 'readers'>, reader: string): boolean {
  return readers.length === 0 || readers.includes(reader);
}

/** Scopes of what is done to, or known of, one reader: a key that is bound to readers has at least one of them. */
const ofReaders: ReadonlySet<Scope> = new Set<Scope>([
  'readers:read',
  'readers:admin',
  'reads:write',
  'tags:read',
  'tags:write',
  'tags:lock',
  'tags:kill',
]);
/** Scopes that would undo the bond: the live feed shows the reads of all readers, and whoever makes keys makes an unbound one. */
const unbindable: ReadonlySet<Scope> = new Set<Scope>(['events:read', 'keys:admin']);

/** Why a key with these scopes cannot be bound to readers, as a sentence; null where it can. */
export function bondFault(wanted: readonly Scope[]): string | null {
  const undone = wanted.filter((scope) => unbindable.has(scope));
  if (undone.length > 0)
    return `A key that is bound to readers cannot have ${undone.join(' ')}: that is about all readers.`;
  if (wanted.some((scope) => ofReaders.has(scope))) return null;
  return `None of ${wanted.join(' ')} is about a reader, so the key cannot be bound to one; bound keys have at least one of ${[...ofReaders].join(' ')}.`;
}
