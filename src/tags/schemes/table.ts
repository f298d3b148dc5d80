import type { Identifier, Scheme } from '../row.ts';
import { cpiSchemes } from './cpi.ts';
import { gdtiSchemes } from './gdti.ts';
import { giaiSchemes } from './giai.ts';
import { graiSchemes } from './grai.ts';
import { gsrnSchemes } from './gsrn.ts';
import { itipSchemes } from './itip.ts';
import { otherSchemes } from './other.ts';
import { sgcnSchemes } from './sgcn.ts';
import { sglnSchemes } from './sgln.ts';
import { sgtinSchemes } from './sgtin.ts';
import { ssccSchemes } from './sscc.ts';
import { uriOnly } from './uri-only.ts';

/** Every binary coding scheme, one row each. Order decides which scheme encodes an identity when none is named. */
export const schemes: readonly Scheme[] = [
  ...sgtinSchemes,
  ...ssccSchemes,
  ...sglnSchemes,
  ...graiSchemes,
  ...giaiSchemes,
  ...gsrnSchemes,
  ...gdtiSchemes,
  ...cpiSchemes,
  ...sgcnSchemes,
  ...itipSchemes,
  ...otherSchemes,
];

/** Every kind of identifier, those without a binary scheme last. */
export const identifiers: readonly Identifier[] = [...new Set(schemes.map((scheme) => scheme.identifier)), ...uriOnly];

/** The scheme of that name, or `null`. */
export function schemeNamed(name: string): Scheme | null {
  return schemes.find((scheme) => scheme.name === name) ?? null;
}
