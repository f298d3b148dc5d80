import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { BadRowsAnswer, ImportParams, type ImportQuery, importAnswer, importQuery } from '../../contract/index.ts';
import { GatewayError, Type } from '../../kit/index.ts';
import { formatNames, type ProductMapping, readMapping } from '../../products/index.ts';
import { holderOf } from '../access/sessions.ts';
import type { ApiDeps } from '../deps.ts';
import { createImportTurns } from '../import-turns.ts';
import { invalid } from '../problems.ts';
import {
  badRowsFile,
  dropBadRows,
  type ImportOptions,
  importProducts,
  maxImportBytes,
  tooLarge,
} from '../product-import.ts';
import { type Route, route } from '../route.ts';

/** What browsers and spreadsheets call CSV. */
const csvTypes = ['text/csv', 'text/tab-separated-values', 'application/csv', 'application/vnd.ms-excel'];
const retryAfterSeconds = 5;

/** The import of products, entered one at a time, and the rows that the last one refused. */
export function productImportRoutes({ store }: ApiDeps): Route[] {
  const last: Last = { id: null };
  return [importRoute(store, last), badRowsRoute(store, last)];
}

type Last = { id: string | null };

function importRoute(store: ApiDeps['store'], last: Last): Route {
  const placeFor = createImportTurns();
  return route({
    method: 'POST',
    url: '/products/import',
    scope: 'products:write',
    summary: 'Takes products from a CSV file: one of your own, or the export of a shop system as it is',
    note: `At most ${maxImportBytes} bytes and 100,000 products; one upload of a key at a time, four in all.`,
    streams: csvTypes,
    bodyLimit: maxImportBytes,
    schema: {
      querystring: importQuery(formatNames),
      body: Type.Unsafe<Readable>({ type: 'string', description: 'CSV in UTF-8, UTF-16 or Big5' }),
      response: importAnswer(formatNames),
    },
    handler: async (request, reply, caller) => {
      const { body, headers } = request;
      const options = optionsOf(request.query);
      if (Number(headers['content-length']) > maxImportBytes) throw tooLarge();
      const place = placeFor(caller.keyId ?? holderOf(request, caller));
      if (place === null) throw busy(reply);
      try {
        const source = body.iterator({ destroyOnReturn: false });
        const result = await importProducts(store, source, options, place.turn);
        if (last.id !== null) dropBadRows(store, last.id);
        last.id = result.id;
        return { ...result, badRows: result.rejectedCount === 0 ? null : badRowsPath(result.id) };
      } finally {
        place.leave();
        // What is left of a refused body must not stop the answer.
        body.resume();
      }
    },
  });
}

const badRowsPath = (id: string) => `/api/v1/products/import/${id}/bad-rows`;

function badRowsRoute(store: ApiDeps['store'], last: Last): Route {
  return route({
    method: 'GET',
    url: '/products/import/:id/bad-rows',
    scope: 'products:write',
    summary: 'All rows that the last import refused, as CSV: line, column, reason, found, next',
    produces: 'text/csv',
    schema: { params: ImportParams, response: BadRowsAnswer },
    handler: ({ params: { id } }, reply) => {
      const file = id === last.id ? badRowsFile(store, id) : null;
      if (file === null)
        throw new GatewayError('NOT_FOUND', 'There are no such bad rows: only those of the last import are kept.');
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="bad-rows.csv"');
      return reply.send(createReadStream(file));
    },
  });
}

function busy(reply: FastifyReply): GatewayError {
  reply.header('retry-after', retryAfterSeconds);
  return new GatewayError(
    'OVERLOADED',
    'Another import of this key, or four of others, are on their way: try again in a moment.',
  );
}

function optionsOf({ dryRun, format, map }: ImportQuery<typeof formatNames>): ImportOptions {
  return { dryRun: dryRun === 'true', format: format ?? 'auto', mapping: map === undefined ? {} : mappingOf(map) };
}

function mappingOf(text: string): ProductMapping {
  const read = readMapping(parsed(text));
  if ('mapping' in read) return read.mapping;
  throw invalid(read.problems.map((problem) => ({ ...problem, pointer: `/map${problem.pointer}` })));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid([{ pointer: '/map', found: text, allowed: 'JSON, e.g. {"gtin":"EAN code","name":"Article"}' }]);
  }
}
