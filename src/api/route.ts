import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyReply,
  FastifyRequest,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
} from 'fastify';
import type { Answer, Exactly } from '../contract/index.ts';
import type { TSchema } from '../kit/index.ts';
import type { Access, Principal } from './access/scopes.ts';

/** What a route takes and gives. Parts that are absent must be absent in the request too. */
export type Parts = { params?: TSchema; querystring?: TSchema; body?: TSchema; headers?: TSchema; response: TSchema };

/** A request whose parts have the types of their schemas. */
type Request<S extends Parts> = FastifyRequest<
  RouteGenericInterface,
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  S,
  TypeBoxTypeProvider
>;

/**
 * What a handler gives: all that its answer's schema has and nothing else, or the reply, where it has spoken for itself (no body, a
 * stream, a file).
 */
type Given<S extends Parts, G> = G extends FastifyReply
  ? G
  : G extends Answer<S['response']>
    ? Exactly<Answer<S['response']>, G>
    : Answer<S['response']>;

type Row<R, G> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below `/api/v1`. */
  readonly url: string;
  readonly scope: Access;
  readonly summary: string;
  /** What the description says beside the scope. */
  readonly note?: string;
  /** Status of success; 200 unless it says otherwise. */
  readonly status?: number;
  /** Content types of a body that the handler gets as bytes, whatever they are. */
  readonly consumes?: readonly string[];
  /** Content types of a body that the handler gets as a stream and reads itself; it also minds the size. */
  readonly streams?: readonly string[];
  /** Content type of the answer where it is not JSON. */
  readonly produces?: 'text/event-stream' | 'text/csv';
  /** Largest body in bytes; 64 kB unless it says otherwise. */
  readonly bodyLimit?: number;
  /** Hears of a body that was refused for its size, where the handler gets bytes. */
  tooLarge?(request: FastifyRequest, size: number): void;
  handler(request: R, reply: FastifyReply, principal: Principal): G | Promise<G>;
};

/** One row of the route table. */
export type Route = Row<FastifyRequest, unknown> & { readonly schema: Parts };

/** A route row whose handler sees the types of its own schemas, and is held to them. */
export function route<const S extends Parts, G>(row: Row<Request<S>, G & Given<S, G>> & { readonly schema: S }): Route {
  return row as Route;
}
