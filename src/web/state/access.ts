import type { SignIn } from './app.ts';
import { may } from './may.ts';
import type { Route } from './route.ts';

/** The pages of the navigation, in its order. */
export const pages = ['stock', 'live', 'status', 'settings'] as const;

/** Scopes of which one opens a page; pages without a row are open to whoever is signed in. */
const needs: Readonly<Partial<Record<Route['view'], readonly string[]>>> = {
  stock: ['stock:read'],
  product: ['stock:read'],
  item: ['stock:read'],
  live: ['events:read'],
  status: ['readers:read', 'crm:read'],
};

/** Whether who is signed in may see anything on a page; the gateway decides, this only leads around its refusals. */
export function isOpenTo(signIn: SignIn, view: Route['view']): boolean {
  return needs[view]?.some((scope) => may(signIn, scope)) ?? true;
}

/** Where to begin: the first page that is open, and settings always are. */
export function firstView(signIn: SignIn): 'live' | 'status' | 'settings' {
  return (['live', 'status'] as const).find((view) => isOpenTo(signIn, view)) ?? 'settings';
}
