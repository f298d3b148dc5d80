import type { Scope } from './scopes.ts';

/** How long a staff session lives, ms: one shift. */
export const sessionMs = 12 * 3_600_000;

/**
 * `keyHash` is the hash of the key that opened the session, or null for a sign-in code: a revoked key ends its sessions. One
 * that is not `lasting` ends with the process, as the key did that opened it.
 */
export type BrowserSession = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly keyHash: string | null;
  readonly lasting: boolean;
  readonly expiresAt: number;
};
