import { type Problem, Secret, type Static, Type } from '../../kit/index.ts';
import { addressKind } from './address.ts';

/** One entry of the configuration's `crm` list. */
export const DestinationOptions = Type.Object(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
      description: 'an id of 1 to 64 letters, digits, "-" or "_"',
    }),
    url: Type.String({
      pattern: '^https?://',
      format: 'uri',
      description: 'the address that takes the POST, https://…',
    }),
    secret: Secret,
    events: Type.Optional(
      Type.Array(Type.String({ pattern: '^(\\*|[a-z]+\\.(\\*|[a-z]+))$', description: 'item.*, item.sold or *' }), {
        minItems: 1,
        description: 'event types to send; all when absent',
      }),
    ),
    batch: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'events in one POST, 1 to 1000' })),
    inFlight: Type.Optional(Type.Integer({ minimum: 1, maximum: 32, description: 'POSTs at once, 1 to 32' })),
    timeoutMs: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 120_000,
        description: 'milliseconds to wait for an answer, 100 to 120000',
      }),
    ),
    private: Type.Optional(
      Type.Boolean({ description: 'true: the host name may resolve to an address of the own network' }),
    ),
    insecure: Type.Optional(Type.Boolean({ description: 'true: allow http:// to a public host' })),
    ca: Type.Optional(
      Type.String({ minLength: 1, description: 'file with the certificate authority of the receiver, PEM' }),
    ),
  },
  { additionalProperties: false },
);
export type DestinationOptions = Static<typeof DestinationOptions>;

/** A destination whose secret was resolved to its text. */
export type Destination = Omit<DestinationOptions, 'secret'> & { readonly secret: string };

type Target = Pick<DestinationOptions, 'url' | 'private' | 'insecure'>;

/**
 * What the schema cannot say of a destination: user names in the URL, plain http into the open, addresses that no CRM
 * can have. Empty = fine. Pointers are relative to the entry.
 */
export function destinationProblems(target: Target): Problem[] {
  const url = new URL(target.url);
  const wrong = (allowed: string): Problem[] => [{ pointer: '/url', found: shown(url), allowed }];
  if (url.username !== '' || url.password !== '') return wrong('a URL without user name and password');
  const host = hostOf(url);
  const kind = host === 'localhost' ? 'private' : addressKind(host);
  if (kind === 'reserved') return wrong('an address that a CRM can have; this one is reserved');
  const own = kind === 'private' || target.private === true;
  if (url.protocol === 'http:' && !own && target.insecure !== true) {
    return wrong('https://…; http only to the own network (private: true for a host name) or with insecure: true');
  }
  return [];
}

/** Host of a URL without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
