import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProductStage, type Store, storeFailure } from '../journal/index.ts';
import { GatewayError } from '../kit/index.ts';
import {
  createEncodingJudge,
  createProductFile,
  type Encoding,
  type FormatName,
  type ProductMapping,
  type ProductRow,
} from '../products/index.ts';
import { type BadRowsFile, writeBadRows } from './bad-rows.ts';
import { createPlanner, type ImportCounts, type ImportPlan, type Planner } from './import-plan.ts';

/** Largest file, in bytes. It is never in memory as a whole. */
export const maxImportBytes = 32 * 1024 * 1024;
/** Rows, and codes in them, between which the gateway does other things: about two milliseconds. */
const breath = 50;

export type ImportOptions = {
  readonly dryRun: boolean;
  readonly format: FormatName | 'auto';
  readonly mapping: ProductMapping;
};

/** What came of an import, or would come of it. */
export type ImportResult = ImportCounts & {
  readonly id: string;
  readonly dryRun: boolean;
  readonly format: FormatName;
  readonly encoding: Encoding;
  /** The columns that were used, as the file has them. */
  readonly columns: { readonly gtin: string[]; readonly sku: string[]; readonly name: string[] };
  readonly changes: ImportPlan['changes'];
  readonly rejected: ImportPlan['rejected'];
};

export type ImportStore = Pick<Store, 'product' | 'gtinsOfSku' | 'stageProducts' | 'scratch'>;

/**
 * Imports products from a CSV file: to disk first, then, when its `turn` has come, read row by row and entered. A file of which
 * nothing can be made changes nothing. Rejects with CSV_INVALID, PAYLOAD_TOO_LARGE, STORE_FULL, STORE_UNAVAILABLE. `badRowsFile(store, id)` holds all bad rows
 * until the next import.
 */
export async function importProducts(
  store: ImportStore,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  turn: () => Promise<void> = () => Promise.resolve(),
): Promise<ImportResult> {
  const id = randomBytes(6).toString('hex');
  const upload = join(store.scratch(), `upload-${id}.csv`);
  const badPath = badRowsPath(store, id);
  const badRows = writeBadRows(badPath);
  let stage: ProductStage | null = null;
  try {
    const encoding = await keep(source, upload);
    await turn();
    stage = options.dryRun ? null : await store.stageProducts();
    const result = await plan(store, upload, encoding, options, stage ?? { add: () => undefined }, badRows);
    badRows.close();
    if (result.rejectedCount === 0) rmSync(badPath, { force: true });
    await stage?.enter();
    return { id, dryRun: options.dryRun, encoding, ...result };
  } catch (error) {
    badRows.abandon();
    rmSync(badPath, { force: true });
    throw storeFailure(error);
  } finally {
    stage?.discard();
    rmSync(upload, { force: true });
  }
}

/** The file with all bad rows of an import, or null where there were none, or a later import came. */
export function badRowsFile(store: Pick<Store, 'scratch'>, id: string): string | null {
  const path = badRowsPath(store, id);
  return existsSync(path) ? path : null;
}

/** Lets go of the bad rows of an import. */
export function dropBadRows(store: Pick<Store, 'scratch'>, id: string): void {
  rmSync(badRowsPath(store, id), { force: true });
}

const badRowsPath = (store: Pick<Store, 'scratch'>, id: string) => join(store.scratch(), `bad-rows-${id}.csv`);

/** Puts the bytes on disk and finds out their encoding on the way. */
async function keep(source: AsyncIterable<Uint8Array>, path: string): Promise<Encoding> {
  const judge = createEncodingJudge();
  const file = await open(path, 'w', 0o600);
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxImportBytes) throw tooLarge();
      judge.take(chunk);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  const verdict = judge.verdict();
  if (verdict === 'WORKBOOK')
    throw new GatewayError(
      'CSV_INVALID',
      'The file is a workbook. Save it as “CSV UTF-8” in the spreadsheet and send that.',
    );
  if (verdict === 'UNKNOWN')
    throw new GatewayError(
      'CSV_INVALID',
      'The file is not in UTF-8, UTF-16 or Big5. Save it as “CSV UTF-8” and send it again.',
    );
  return verdict;
}

/** The refusal of a file that is too large, with the limit. */
export function tooLarge(): GatewayError {
  const limit = `${maxImportBytes / 1024 / 1024} MiB (${maxImportBytes} bytes)`;
  return new GatewayError('PAYLOAD_TOO_LARGE', `The file is larger than ${limit}, the most that is taken. Split it.`);
}

type Planned = Omit<ImportResult, 'id' | 'dryRun' | 'encoding'>;

async function plan(
  store: ImportStore,
  path: string,
  encoding: Encoding,
  { format, mapping }: ImportOptions,
  stage: Pick<ProductStage, 'add'>,
  badRows: BadRowsFile,
): Promise<Planned> {
  const file = createProductFile({ format, mapping });
  const planner = createPlanner(store, stage, badRows);
  for await (const text of textOf(path, encoding)) await takeAll(file, planner, file.push(text));
  await takeAll(file, planner, file.end());
  const columns = file.columns();
  if (columns === null) throw new Error('a file without a header was taken');
  const named = (places: readonly number[] | null) => (places ?? []).map((at) => columns.headers[at] ?? '');
  const { counts, changes, rejected } = planner.plan();
  return {
    format: columns.format.name,
    columns: {
      gtin: named(columns.gtin.length > 0 || columns.attributes < 0 ? columns.gtin : [columns.attributes]),
      sku: named(columns.sku),
      name: named(columns.name),
    },
    ...counts,
    changes,
    rejected,
  };
}

/** The text of a file, block by block. */
async function* textOf(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>)
      yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new GatewayError('CSV_INVALID', `The file is not whole: it is no valid ${encoding}. Save it as “CSV UTF-8”.`);
  }
}

async function takeAll(
  file: ReturnType<typeof createProductFile>,
  planner: Planner,
  rows: Iterable<ProductRow>,
): Promise<void> {
  let work = 0;
  for (const row of rows) {
    const columns = file.columns();
    planner.take(row, { sku: columns?.sku != null, name: columns?.name != null });
    work += 1 + row.products.length + row.bad.length;
    if (work < breath) continue;
    work = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
