import { copyFileSync, createReadStream, statSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { badRowsFile, type ImportOptions, type ImportResult, importProducts } from '../api/index.ts';
import { openStore } from '../journal/index.ts';
import { boundedText, compile, formatProblem, GatewayError, located, messageOf, readYaml } from '../kit/index.ts';
import { formatNames, formats, ProductMapping } from '../products/index.ts';
import type { GatewayAddress } from './gateway-request.ts';
import { harmless } from './harmless.ts';
import { addressOf, askApi, readBytes, readRun, sendFile } from './local-gateway.ts';
import { type GatewayFlags, gatewayOptions, namedGateway } from './reader/ask.ts';
import { configOrDemo } from './settings.ts';

type Flags = GatewayFlags & {
  dryRun?: boolean;
  format: ImportOptions['format'];
  map?: string;
  badRows?: string;
};

/** What the API answers: the result, and the path of all bad rows. */
type Answer = ImportResult & { readonly badRows: string | null };

const listed = 10;

/** `silentgate products import FILE`: through the running gateway, or into its data folder while none runs. */
export function addProductsCommand(root: Command): void {
  const products = root.command('products').description('the products behind the GTINs');
  gatewayOptions(products.command('import <file>'))
    .description('takes products from a CSV file or the export of a shop system; "-" reads standard input')
    .option('--dry-run', 'say what would change and write nothing')
    .addOption(
      new Option('--format <name>', 'what kind of file it is').choices(['auto', ...formatNames]).default('auto'),
    )
    .option('--map <file>', 'which column holds what: JSON or YAML with gtin, sku, name, variant, group')
    .option('--bad-rows <file>', 'write the refused rows there as CSV, when there are any')
    .action(async (file: string, flags: Flags) => {
      const { badRows, result } = await imported(file, flags);
      process.stdout.write(flags.json === true ? `${JSON.stringify({ ...result, badRows })}\n` : textOf(file, result));
      if (badRows !== null && flags.json !== true) process.stdout.write(`All refused rows are in ${badRows}.\n`);
    });
}

type Outcome = { readonly result: ImportResult; readonly badRows: string | null };

async function imported(file: string, flags: Flags): Promise<Outcome> {
  const mapping = flags.map === undefined ? {} : mappingFrom(flags.map);
  const options: ImportOptions = { dryRun: flags.dryRun === true, format: flags.format, mapping };
  const source = file === '-' ? process.stdin : fileStream(file);
  const gateway = await gatewayOf(flags);
  if (gateway === null) return intoStore(source, options, flags);
  const { badRows, ...result } = (await sendFile(gateway, pathOf(options), 'text/csv', source)) as Answer;
  if (badRows === null || flags.badRows === undefined) return { result, badRows: null };
  writeFileSync(flags.badRows, await readBytes(gateway, badRows.replace(/^\/api\/v1/, '')));
  return { result, badRows: flags.badRows };
}

/** The gateway that is named, else the one that runs here and answers, else null. */
async function gatewayOf(flags: Flags): Promise<GatewayAddress | null> {
  const named = namedGateway(flags);
  if (named !== null) return named;
  const run = readRun(configOrDemo(flags.config).data);
  if (run === null) return null;
  try {
    const gateway = addressOf(run);
    await askApi(gateway, 'GET', '/health');
    return gateway;
  } catch (error) {
    // what a process left behind that was killed; if it lives after all, it holds the folder
    if (error instanceof GatewayError && error.code === 'LINK_LOST') return null;
    throw error;
  }
}

function pathOf({ dryRun, format, mapping }: ImportOptions): string {
  const map = Object.keys(mapping).length === 0 ? '' : `&map=${encodeURIComponent(JSON.stringify(mapping))}`;
  return `/products/import?dryRun=${dryRun}&format=${format}${map}`;
}

async function intoStore(source: AsyncIterable<Uint8Array>, options: ImportOptions, flags: Flags): Promise<Outcome> {
  const config = configOrDemo(flags.config);
  const store = openStore({ folder: config.data, site: config.site, now: Date.now }, 'gateway');
  try {
    const result = await importProducts(store, source, options);
    const rows = badRowsFile(store, result.id);
    if (rows === null || flags.badRows === undefined) return { result, badRows: null };
    copyFileSync(rows, flags.badRows);
    return { result, badRows: flags.badRows };
  } finally {
    await store.close();
  }
}

function fileStream(file: string): AsyncIterable<Uint8Array> {
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
  } catch (error) {
    throw new GatewayError('NOT_FOUND', `${file} cannot be read: ${messageOf(error)}.`, { file }, error);
  }
  return createReadStream(file);
}

const checker = compile(ProductMapping);

function mappingFrom(file: string): ProductMapping {
  const yaml = readYaml(textFrom(file));
  const broken = yaml.errors.map(({ line, message }) => `${file}:${line}: ${message}`);
  if (broken.length === 0 && checker.fits(yaml.value)) return yaml.value;
  const wrong = broken.length > 0 ? [] : located(yaml, checker.problems(yaml.value));
  throw new GatewayError('REQUEST_INVALID', [...broken, ...wrong.map((one) => formatProblem(file, one))].join('\n'));
}

function textFrom(file: string): string {
  try {
    return boundedText(file);
  } catch (error) {
    throw new GatewayError('NOT_FOUND', `${file} cannot be read: ${messageOf(error)}.`, { file }, error);
  }
}

function textOf(file: string, result: ImportResult): string {
  const title = formats.find(({ name }) => name === result.format)?.title ?? result.format;
  const { gtin, sku, name } = result.columns;
  const used = Object.entries({ GTIN: gtin, SKU: sku, name })
    .filter(([, columns]) => columns.length > 0)
    .map(([field, columns]) => `${field} from ${columns.map((column) => `“${harmless(column)}”`).join(', ')}`);
  const lines = [
    `Read as ${title} (${result.encoding}): ${used.join('; ')}.`,
    ...(result.dryRun ? ['Dry run: nothing was written. The import would do this:'] : []),
    countsOf(result),
    ...result.changes.slice(0, listed).map(changeLine),
    ...more(result.created + result.changed, 'changes'),
    ...result.rejected.slice(0, listed).flatMap(badLines),
    ...more(result.rejectedCount, 'refused rows: --bad-rows FILE writes all'),
  ];
  return `${file === '-' ? '' : `${file}: `}${lines.join('\n')}\n`;
}

function countsOf(result: ImportResult): string {
  const { created, changed, cleared, unchanged, rejectedCount } = result;
  const lost = cleared === 0 ? '' : ` (${cleared} of them lose a SKU or name)`;
  const main = `${created} new, ${changed} changed${lost}, ${unchanged} unchanged, ${rejectedCount} refused.`;
  const aside = [
    ['Rows that repeat an earlier one', result.repeated],
    ['Rows that are no products', result.skipped],
    ['GTINs that got back a zero which a spreadsheet took away', result.restored],
  ].flatMap(([text, count]) => (count === 0 ? [] : [`${text}: ${count}.`]));
  return [main, ...aside].join(' ');
}

function changeLine({ line, gtin, kind, sku, name }: ImportResult['changes'][number]): string {
  const field = (label: string, change: typeof sku) =>
    change === null ? [] : [`${label} ${kind === 'created' ? '' : `${value(change.from)} → `}${value(change.to)}`];
  const what = kind === 'created' ? 'new' : 'changed';
  return `  line ${line}  ${gtin}  ${what}: ${[...field('SKU', sku), ...field('name', name)].join(', ')}`;
}

const value = (text: string | null) => (text === null ? '(none)' : `“${harmless(text)}”`);

function badLines({ line, column, reason, found, next }: ImportResult['rejected'][number]): string[] {
  const where = column === '' ? '' : ` ${harmless(column)}`;
  const there = found === '' ? '' : ` “${harmless(found)}”`;
  return [`  line ${line}${where}: ${reason}${there}`, `      → ${next}`];
}

function more(count: number, what: string): string[] {
  return count > listed ? [`  … and ${count - listed} more ${what}`] : [];
}
