import type { FastifyReply } from 'fastify';
import {
  EpcParams,
  ItemInputAnswer,
  type ItemInputBody,
  type ItemInputResult,
  ItemInputSchema,
  ItemInputsAnswer,
  ItemInputsSchema,
  NamedInputSchema,
} from '../../contract/index.ts';
import type { InputResult, ItemInput } from '../../inventory/index.ts';
import { compile, GatewayError, type Problem } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { eventRow } from '../history-row.ts';
import { identify } from '../identify.ts';
import { invalid } from '../problems.ts';
import { type Route, route } from '../route.ts';

/** How far ahead of our clock a sender's clock may be, ms: a later time would shut the item to everything that follows. */
const maxAheadMs = 5 * 60_000;
/** So many are read before others have their turn. */
const inputsPerTurn = 200;
const bodyLimit = 4 * 1024 * 1024;
const retryAfterSeconds = 5;

/** What a POS, an ERP or a member of staff says of items: of one, or of many at once. */
export function itemInputRoutes(deps: ApiDeps): Route[] {
  return [oneRoute(deps), manyRoute(deps)];
}

function oneRoute(deps: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/items/:epc/inputs',
    scope: 'stock:write',
    summary: 'Tells what happened to an item; the same id has one effect',
    schema: { params: EpcParams, body: ItemInputSchema, response: ItemInputAnswer },
    handler: async ({ params, body }, reply) => {
      mustHaveRoom(deps, reply);
      const [result] = await deps.inputs([inputOf(deps, body, identify(deps, params.epc))]);
      if (result === undefined) throw new Error('an input has no result');
      if (!result.ok) throw refused(result, body);
      return { events: result.events.map(eventRow) };
    },
  });
}

function manyRoute(deps: ApiDeps): Route {
  const checker = compile(NamedInputSchema);
  return route({
    method: 'POST',
    url: '/items/inputs',
    scope: 'stock:write',
    summary:
      'Tells what happened to many items: one commit, each with its own result; the same id has one effect on its item',
    bodyLimit,
    schema: { body: ItemInputsSchema, response: ItemInputsAnswer },
    handler: async ({ body }, reply) => {
      mustHaveRoom(deps, reply);
      const read: (ItemInput | ItemInputResult)[] = [];
      for (const given of body.inputs) {
        read.push(readInput(deps, given, checker));
        if (read.length % inputsPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const inputs = read.filter(isInput);
      const results = inputs.length === 0 ? [] : await deps.inputs(inputs);
      let next = 0;
      return { results: read.map((row) => (isInput(row) ? resultOf(row, results[next++]) : row)) };
    },
  });
}

/** Before anything is decided: what waits for the disk has a bound, for inputs as for reads. Throws OVERLOADED. */
function mustHaveRoom({ store }: ApiDeps, reply: FastifyReply): void {
  if (store.pressure() === null) return;
  reply.header('retry-after', retryAfterSeconds);
  throw new GatewayError('OVERLOADED', 'The disk is behind: send this again in a few seconds.');
}

function isInput(row: ItemInput | ItemInputResult): row is ItemInput {
  return 'input' in row;
}

/** One of many, or its result where it cannot be read. */
function readInput(deps: ApiDeps, given: unknown, checker: ReturnType<typeof compile<typeof NamedInputSchema>>) {
  try {
    if (!checker.fits(given)) throw invalid(checker.problems(given));
    return inputOf(deps, given, identify(deps, given.item, '/item'));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return failed(idIn(given), null, error);
  }
}

function inputOf({ clock }: ApiDeps, given: ItemInputBody, named: ReturnType<typeof identify>): ItemInput {
  const at = given.at ?? clock.now();
  if (at > clock.now() + maxAheadMs) throw invalid([{ pointer: '/at', found: at, allowed: 'not in the future' }]);
  return {
    id: given.id,
    input: given.input,
    item: named.id,
    hex: named.hex,
    at,
    location: given.location ?? null,
    reason: given.reason ?? null,
    party: given.party ?? null,
  };
}

function resultOf(input: ItemInput, result: InputResult | undefined): ItemInputResult {
  if (result === undefined) throw new Error(`input ${input.id} has no result`);
  if (!result.ok) return failed(input.id, input.item, refused(result, input));
  const [event] = result.events;
  if (event === undefined) return { id: input.id, item: input.item, event: null, error: null };
  const { id, type, item } = event;
  return {
    id: input.id,
    item: input.item,
    event: { id, type, lifecycle: item.lifecycle, location: item.location },
    error: null,
  };
}

function refused(
  { reason, about, allowed }: InputResult & { readonly ok: false },
  given: Partial<ItemInput>,
): GatewayError {
  if (allowed.length === 0) return new GatewayError('LIFECYCLE_REFUSED', `Refused: ${reason}.`, { reason });
  const errors: Problem[] = [{ pointer: `/${about}`, found: given[about] ?? null, allowed: allowed.join(', ') }];
  return new GatewayError('LIFECYCLE_REFUSED', `Refused: ${reason}.`, { reason, errors });
}

function failed(id: string | null, item: string | null, error: GatewayError): ItemInputResult {
  const errors = (error.context['errors'] ?? []) as readonly Problem[];
  const allowed = errors.map((problem) => `${problem.pointer}: ${problem.allowed}`);
  return { id, item, event: null, error: { code: error.code, detail: error.message, allowed } };
}

function idIn(given: unknown): string | null {
  const id = typeof given === 'object' && given !== null && 'id' in given ? given.id : null;
  return typeof id === 'string' ? id.slice(0, 100) : null;
}
