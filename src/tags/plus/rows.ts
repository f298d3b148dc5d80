import type { Field, Identifier, Scheme } from '../row.ts';

type Headers = { readonly plus: number; readonly plusPlus: number };

/**
 * The `+` row of an identifier and its `++` row, which carries a host name. `groups` says how many fields make up each
 * element (AI 8003 is two fields: 14 digits and a serial). `name` differs from the identifier's for DSGTIN.
 */
export function plusRows(
  identifier: Identifier,
  headers: Headers,
  fields: readonly Field[],
  groups: readonly number[],
  name: string = identifier.name,
): Scheme[] {
  const date = name !== identifier.name;
  const row = (suffix: string, header: number, hostname: boolean): Scheme => ({
    name: name + suffix,
    header,
    identifier,
    bits: null,
    filterBits: 3,
    fields,
    form: 'elements',
    plus: { groups, date, hostname },
  });
  return [row('+', headers.plus, false), row('++', headers.plusPlus, true)];
}
