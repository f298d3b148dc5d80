import { cellsOf, type Header, named } from './lines.ts';
import { jsonMembers, linesOf, type Member, sound } from './split.ts';

/**
 * The members of a form (application/x-www-form-urlencoded). Speedway Connect names the columns in `field_names`, puts the
 * rows into `field_values`, and says what ends and parts them; any other form is one member, an object of its fields. The
 * message around the rows is the other fields. A payload that is JSON all the same is read as JSON.
 */
export function* formMembers(text: string, heard: (header: Header) => boolean): Generator<Member> {
  if (/^\s*[[{]/.test(text)) return yield* jsonMembers(text);
  const fields = Object.fromEntries(new URLSearchParams(text.trim()));
  const { field_names: columns, field_values: values = '', ...others } = fields;
  if (columns === undefined) {
    if (Object.keys(fields).length > 0) yield { value: fields, damage: sound };
    return;
  }
  const separator = fields['field_delim'] || ',';
  const names = cellsOf(columns, separator);
  if (!heard({ names, line: columns })) return;
  for (const { line } of linesOf(linedUp(values, fields['line_ending'] ?? '\n'))) {
    const cells = cellsOf(line, separator);
    yield { value: named(names, cells), cells, root: others, damage: sound };
  }
}

/** The rows with line feeds between them, whatever ended them. */
function linedUp(values: string, ending: string): string {
  return ending.trim() === '' ? values.replaceAll(/\r\n?/g, '\n') : values.replaceAll(ending, '\n');
}
