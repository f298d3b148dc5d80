import { resolve } from 'node:path';
import { boundedText, GatewayError, messageOf, type Problem, type Static, Type } from '../kit/index.ts';
import { type PrefixTable, prefixTable, privateSchemeFaults, type TagRules } from '../tags/index.ts';

const closed = { additionalProperties: false };

const Field = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$',
      description: 'letters and digits; a field named gtin makes the tag count for stock',
    }),
    bits: Type.Integer({ minimum: 1, maximum: 496, description: 'width' }),
    as: Type.Union(
      [
        Type.Literal('number'),
        Type.Literal('digits'),
        Type.Literal('hex'),
        Type.Literal('ascii7'),
        Type.Literal('ascii8'),
      ],
      { description: 'what the bits mean' },
    ),
    size: Type.Optional(Type.Integer({ minimum: 1, maximum: 150, description: 'for digits: how many' })),
    equals: Type.Optional(
      Type.String({ minLength: 1, maxLength: 150, description: 'what every tag of the scheme has here, quoted' }),
    ),
  },
  closed,
);

/** How tags are understood here, beyond the standard. */
export const TagOptions = Type.Object(
  {
    companyPrefixes: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'file of GS1’s list of company-prefix lengths, gcpprefixformatlist.json',
      }),
    ),
    schemes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'a-z, 0-9 and -' }),
            shadowsGs1: Type.Optional(
              Type.Boolean({
                description: 'true: its tags may begin like those of a GS1 scheme, which is then not asked',
              }),
            ),
            fields: Type.Array(Field, { minItems: 1, maxItems: 50 }),
          },
          closed,
        ),
        { maxItems: 50, description: 'bit fields of the store’s own tags, from the first bit of the EPC on' },
      ),
    ),
  },
  closed,
);
export type TagOptions = Static<typeof TagOptions>;

/** MiB. */
const largestTable = 16;

/** GS1's list of company-prefix lengths from a file. Throws CONFIG_INVALID when it cannot be read or holds no lengths. */
export function readPrefixTable(file: string): PrefixTable {
  try {
    const table = prefixTable(JSON.parse(boundedText(file, largestTable)));
    if (table.size === 0) throw new Error('it holds no entry with prefix and gcpLength');
    return table;
  } catch (error) {
    const text = `The list of company prefixes ${file} cannot be used: ${messageOf(error)}.`;
    throw new GatewayError('CONFIG_INVALID', text, { file }, error);
  }
}

/** What the schema cannot tell: fields that make no scheme, schemes that meet, a list that cannot be read. `folder` is the file's. */
export function tagProblems(options: TagOptions, folder: string): Problem[] {
  const schemes = options.schemes ?? [];
  return [
    ...privateSchemeFaults(schemes).map(({ path, error }) => ({
      pointer: `/schemes/${path}`,
      found: path.split('/').reduce<unknown>((value, step) => Object(value)[step], schemes),
      allowed: error.expected === null ? error.message : `${error.expected} (${error.message})`,
    })),
    ...tableProblems(options.companyPrefixes, folder),
  ];
}

function tableProblems(file: string | undefined, folder: string): Problem[] {
  if (file === undefined) return [];
  try {
    readPrefixTable(resolve(folder, file));
    return [];
  } catch (error) {
    return [{ pointer: '/companyPrefixes', found: file, allowed: `a file that can be used: ${messageOf(error)}` }];
  }
}

/** The rules that the options describe, for the codec. Throws as `readPrefixTable`. */
export function tagRules(options: TagOptions, folder: string): TagRules {
  const { schemes, companyPrefixes: file } = options;
  return { schemes, companyPrefixes: file === undefined ? undefined : readPrefixTable(resolve(folder, file)) };
}
