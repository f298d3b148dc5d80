import { rowOf } from '../../src/cli/reload-table.ts';
import { ConfigSchema } from '../../src/config-schema.ts';

type Schema = {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
};

/** `docs/configuration.md`: every key of the schema, one row each. */
export function configurationPage(example: string): string {
  const rows = rowsOf('', JSON.parse(JSON.stringify(ConfigSchema)) as Schema, true);
  return `# Configuration

<!-- Made by \`npm run docs\` from the schema in src/config.ts; a test compares the two. -->

The file is YAML 1.2 of at most 1 MiB: 64 levels, 1,000 entries of one map, 50 anchors and 50 aliases, texts of 65,536 characters, numbers of 400 digits,
100,000 words and signs in all. Beyond that it is refused with the line at which it goes too far, as is a file of a read map or of a product mapping.

One YAML file, \`silentgate.yaml\` in the working directory or the one named by \`--config\`. Unknown keys are errors. \`silentgate check\`
prints every mistake with its line, what was found and what is allowed. A secret is named, \`{ env: NAME }\` or \`{ file: PATH }\`, and never stands in the
file. Editors complete and check the file with [gateway.schema.json](gateway.schema.json). Without a file, the demo store runs,
with its data in \`./demo-data\`.

\`check\` exits 1 where \`start\` would refuse: a mistake in the file, a secret or TLS file that cannot be used, two parts that need one port,
serial device, reader address or topic, a data folder that cannot be written or is another site's, an address that is not this machine's. It does not look
whether a port is in use at the moment; \`silentgate doctor\` does. Warnings exit 0: plain HTTP or an open broker beyond loopback,
passwords in plain text on the network, certificates within two weeks of their end, topics that overlap. Paths under \`mqtt\` are
relative to the file, those of other TLS files to the folder where the gateway is started: absolute ones are best.

\`\`\`yaml
${example.trimEnd()}
\`\`\`

The last column says what takes a changed key over: \`SIGHUP\`, while the gateway runs, or only a restart
([running](running.md#change-the-configuration)).

| key | value | needed | taken over by |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** `docs/gateway.schema.json`: the same as JSON Schema, for editors. */
export function schemaFile(): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'silentgate.yaml', ...(JSON.parse(JSON.stringify(ConfigSchema)) as object) }, null, 2)}\n`;
}

function rowsOf(path: string, schema: Schema, needed: boolean): string[] {
  if (isRecordList(schema))
    return [row(path, 'a list', schema.description, needed), ...rowsOf(`${path}[]`, schema.items ?? {}, true).slice(1)];
  const variants = (schema.anyOf ?? []).filter((variant) => variant.properties !== undefined);
  if (variants.length > 0) {
    const inner = variants.flatMap((variant) => childRows(path, variant));
    return [row(path, 'one of several forms', schema.description, needed), ...new Set(inner)];
  }
  if (schema.properties === undefined) return [row(path, valueText(schema), schema.description, needed)];
  const own = path === '' ? [] : [row(path, 'a map', schema.description, needed)];
  return [...own, ...childRows(path, schema)];
}

function childRows(path: string, schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(path === '' ? key : `${path}.${key}`, child, schema.required?.includes(key) === true),
  );
}

function isRecordList(schema: Schema): boolean {
  return schema.type === 'array' && schema.items?.properties !== undefined;
}

function row(path: string, value: string, description: string | undefined, needed: boolean): string {
  const text = description === undefined ? value : `${value}: ${description}`;
  return `| \`${path}\` | ${text.replaceAll('|', '\\|')} | ${needed ? 'yes' : ''} | ${takenOverBy(path)} |`;
}

/** A key that only groups others that differ has none of its own; one without a row is a mistake in the table. */
function takenOverBy(path: string): string {
  const row = rowOf(path);
  if (row === undefined && path !== 'http') throw new Error(`src/cli/reload-table.ts has no row for ${path}`);
  return row?.by ?? '';
}

function valueText(schema: Schema): string {
  if (schema.anyOf !== undefined)
    return schema.anyOf
      .map((variant) => (variant.const === undefined ? valueText(variant) : `\`${variant.const}\``))
      .join(' ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.type === 'array') return `a list of ${valueText(schema.items ?? {})}`;
  const range =
    schema.minimum === undefined && schema.maximum === undefined
      ? ''
      : ` ${schema.minimum ?? ''}…${schema.maximum ?? ''}`;
  return `${schema.type ?? 'a map'}${range}`;
}
