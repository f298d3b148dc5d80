import { type Static, Type } from '../kit/index.ts';
import { closed, maybeText, nullable, oneOf } from './shape.ts';

const Field = Type.Object({ from: maybeText, to: maybeText });
const Count = Type.Integer();
const Columns = Type.Array(Type.String());

/** What came of an import, or would come of it; the names of the formats are those of the room `products`. */
export function importAnswer<const F extends readonly string[]>(formats: F) {
  return Type.Object({
    id: Type.String(),
    dryRun: Type.Boolean({ description: 'nothing was written' }),
    format: oneOf(formats),
    encoding: Type.String(),
    columns: Type.Object({ gtin: Columns, sku: Columns, name: Columns }, { description: 'the columns that were used' }),
    imported: Type.Integer({ description: 'products: created, changed and unchanged' }),
    created: Count,
    changed: Count,
    unchanged: Count,
    cleared: Type.Integer({ description: 'of the changed ones: those that lose a SKU or name' }),
    repeated: Type.Integer({ description: 'rows that say the same as an earlier one' }),
    skipped: Type.Integer({ description: 'rows that are no products: pictures, parents of variants' }),
    restored: Type.Integer({ description: 'GTINs whose lost zero was put back' }),
    changes: Type.Array(
      Type.Object({
        line: Type.Integer(),
        gtin: Type.String(),
        kind: oneOf(['created', 'changed']),
        sku: Type.Union([Field, Type.Null()]),
        name: Type.Union([Field, Type.Null()]),
      }),
      { description: 'the first 100; a field is null where it stays as it is' },
    ),
    rejected: Type.Array(
      Type.Object({
        line: Type.Integer(),
        column: Type.String(),
        reason: Type.String(),
        found: Type.String(),
        next: Type.String({ description: 'what to do' }),
      }),
      { description: 'the first 1000' },
    ),
    rejectedCount: Count,
    badRows: nullable(Type.String({ description: 'path of all of them as CSV, until the next import' })),
  });
}

/** How a file is to be read. */
export function importQuery<const F extends readonly string[]>(formats: F) {
  return closed({
    dryRun: Type.Optional(oneOf(['true', 'false'])),
    format: Type.Optional(oneOf(['auto', ...formats])),
    map: Type.Optional(
      Type.String({
        maxLength: 8000,
        description: 'JSON: gtin, sku, name, variant, group → a header or a list of headers',
      }),
    ),
  });
}

export type ImportQuery<F extends readonly string[]> = Static<ReturnType<typeof importQuery<F>>>;

export const ImportParams = closed({
  id: Type.String({ pattern: '^[0-9a-f]{12}$', description: 'the id of an import' }),
});
export const BadRowsAnswer = Type.String();
