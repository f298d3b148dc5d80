import type { Product, ProductStage, Store } from '../journal/index.ts';
import { GatewayError, textHash } from '../kit/index.ts';
import type { ProductDraft, ProductRow } from '../products/index.ts';
import { type BadRow, type BadRowsFile, badRow } from './bad-rows.ts';

const maxProducts = 100_000;
const maxListed = 1000;
const maxChanges = 100;

type Change = { readonly from: string | null; readonly to: string | null };

/** What happens to one product; a field is null where it stays as it is. */
export type ProductChange = {
  readonly line: number;
  readonly gtin: string;
  readonly kind: 'created' | 'changed';
  readonly sku: Change | null;
  readonly name: Change | null;
};

/** What a file does to the products. Each good product counts once: created, changed or unchanged. */
export type ImportCounts = {
  readonly imported: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Of the changed ones: those that lose a SKU or name. */
  readonly cleared: number;
  /** Rows that say once more what an earlier one said, as an inventory does for each place. */
  readonly repeated: number;
  /** Rows that are no products: pictures, parents of variants. */
  readonly skipped: number;
  /** GTINs whose lost zero was put back. */
  readonly restored: number;
  readonly rejectedCount: number;
};

export type ImportPlan = {
  readonly counts: ImportCounts;
  /** The first 100. */
  readonly changes: readonly ProductChange[];
  /** The first 1000. */
  readonly rejected: readonly BadRow[];
};

/** Which fields the file speaks of; the others stay as they are. */
export type Spoken = { readonly sku: boolean; readonly name: boolean };

export type Planner = { take(row: ProductRow, spoken: Spoken): void; plan(): ImportPlan };

/**
 * Compares the rows of a file with the products that are there. What is new or different goes to `stage`, what is refused to
 * `badRows`; in memory stay counts, the first examples, and the GTINs seen. Throws CSV_INVALID beyond 100,000 products and bad rows.
 */
export function createPlanner(
  store: Pick<Store, 'product' | 'gtinsOfSku'>,
  stage: Pick<ProductStage, 'add'>,
  badRows: Pick<BadRowsFile, 'add'>,
): Planner {
  const tally = createTally(badRows);
  const { counts } = tally;
  const seen = new Map<string, string>();
  const enter = (line: number, product: Product, before: Product | null) => {
    const change = changeOf(line, product, before);
    if (change === null) counts.unchanged++;
    else {
      stage.add(product);
      tally.note(change);
    }
  };
  const takeDraft = (line: number, draft: ProductDraft, spoken: Spoken) => {
    const gtin = gtinOf(store, line, draft);
    if (typeof gtin !== 'string') return tally.reject(gtin);
    const before = store.product(gtin);
    const product = merged(gtin, draft, before, spoken);
    const content = textHash(JSON.stringify(product)).slice(0, 16);
    const first = seen.get(gtin);
    if (first !== undefined && first !== content) return tally.reject(badRow(line, draft.column, 'DUPLICATE', gtin));
    seen.set(gtin, content);
    if (first !== undefined) counts.repeated++;
    else {
      if (draft.restored) counts.restored++;
      enter(line, product, before);
    }
  };
  return {
    take: ({ line, products, bad }, spoken) => {
      if (seen.size + counts.rejectedCount >= maxProducts) throw tooMany();
      if (products.length + bad.length === 0) counts.skipped++;
      for (const { column, reason, found } of bad) tally.reject(badRow(line, column, reason, found));
      for (const draft of products) takeDraft(line, draft, spoken);
    },
    plan: () => ({ counts: { imported: seen.size, ...counts }, changes: tally.changes, rejected: tally.rejected }),
  };
}

function createTally(badRows: Pick<BadRowsFile, 'add'>) {
  const counts = {
    created: 0,
    changed: 0,
    unchanged: 0,
    cleared: 0,
    repeated: 0,
    skipped: 0,
    restored: 0,
    rejectedCount: 0,
  };
  const changes: ProductChange[] = [];
  const rejected: BadRow[] = [];
  return {
    counts,
    changes,
    rejected,
    reject: (row: BadRow) => {
      if (++counts.rejectedCount <= maxListed) rejected.push(row);
      badRows.add(row);
    },
    note: (change: ProductChange) => {
      counts[change.kind]++;
      if (changes.length < maxChanges) changes.push(change);
      if ([change.sku, change.name].some((field) => field !== null && field.to === null)) counts.cleared++;
    },
  };
}

function tooMany(): GatewayError {
  return new GatewayError('CSV_INVALID', `The file has more than ${maxProducts} products. Split it.`);
}

/** The product that a draft means: by its GTIN, else the one known product with its SKU. */
function gtinOf(store: Pick<Store, 'gtinsOfSku'>, line: number, draft: ProductDraft): string | BadRow {
  const { column, gtin, sku } = draft;
  if (gtin !== null) return gtin;
  const found = store.gtinsOfSku(sku ?? '');
  const [only] = found;
  if (only === undefined) return badRow(line, column, 'UNKNOWN_SKU', sku ?? '');
  return found.length === 1 ? only : badRow(line, column, 'AMBIGUOUS_SKU', sku ?? '');
}

/** An absent column leaves a field as it is; an empty cell clears it. */
function merged(gtin: string, draft: ProductDraft, before: Product | null, spoken: Spoken): Product {
  return {
    gtin,
    sku: spoken.sku ? draft.sku : (before?.sku ?? null),
    name: spoken.name ? draft.name : (before?.name ?? null),
  };
}

function changeOf(line: number, product: Product, before: Product | null): ProductChange | null {
  const field = (from: string | null, to: string | null) => (from === to ? null : { from, to });
  const sku = field(before?.sku ?? null, product.sku);
  const name = field(before?.name ?? null, product.name);
  if (before !== null && sku === null && name === null) return null;
  return { line, gtin: product.gtin, kind: before === null ? 'created' : 'changed', sku, name };
}
