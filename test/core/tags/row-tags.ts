import { elementsOf } from '../../../src/tags/identity.ts';
import { decodeEpc, type Epc } from '../../../src/tags/index.ts';
import type { Scheme } from '../../../src/tags/row.ts';
import { schemes } from '../../../src/tags/schemes/table.ts';
import type { Tag } from '../../../src/tags/tag.ts';
import { writeTag } from '../../../src/tags/write.ts';
import type { Made } from './row-arbitraries.ts';

/** Every row by its name, for `describe.each`. */
export const rows = schemes.map((scheme): [string, Scheme] => [scheme.name, scheme]);

/** Runs of each property for each row; TAGS_RUNS raises it for a deep run. */
export const runs = { numRuns: Number(process.env['TAGS_RUNS'] ?? 20) };

function join(scheme: Scheme, values: readonly string[]): string[] {
  const groups = scheme.plus?.groups ?? [];
  const start = (at: number) => groups.slice(0, at).reduce((sum, count) => sum + count, 0);
  const elements = groups.map((_, at) => values.slice(start(at), start(at + 1)).join(''));
  return elements.filter((value, at) => at === 0 || value !== scheme.identifier.elements?.others[at - 1]?.omit);
}

/** The made values as a tag of that scheme. */
export function tagOf(scheme: Scheme, made: Made): Tag {
  const spec = scheme.identifier.elements;
  const classic = scheme.form === 'components';
  const elements = classic ? (spec === null ? null : elementsOf(spec, made.values)) : join(scheme, made.values);
  return {
    identifier: scheme.identifier,
    scheme,
    hex: null,
    filter: scheme.filterBits === 0 ? null : made.filter,
    components: classic ? made.values : null,
    elements,
    hostname: scheme.plus?.hostname ? made.hostname : null,
    linkHost: null,
    data: scheme.plus?.date ? [['17', '301200']] : [],
    marks: [],
  };
}

/** The made values as the content of a tag. */
export function hexOf(scheme: Scheme, made: Made): string {
  const written = writeTag(tagOf(scheme, made), scheme, made.filter);
  if (!written.ok) throw new Error(`${scheme.name} ${JSON.stringify(made)}: ${JSON.stringify(written.error)}`);
  return written.hex;
}

/** What valid content says. */
export function decoded(hex: string): Epc {
  const result = decodeEpc(hex);
  if (!result.ok) throw new Error(`${hex}: ${JSON.stringify(result.error)}`);
  return result.epc;
}
