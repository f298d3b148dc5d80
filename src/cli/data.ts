import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { openStore, restoreBackup, type StockDifference } from '../journal/index.ts';
import { GatewayError } from '../kit/index.ts';
import { configOrDemo } from './settings.ts';

type Flags = { config?: string; check?: boolean; force?: boolean; adopt?: boolean };

/** `silentgate backup`, `restore` and `rebuild-stock`. */
export function addDataCommands(root: Command): void {
  root
    .command('backup <file>')
    .description('a consistent copy of the database, also while the gateway runs')
    .option('--config <file>', 'configuration file')
    .option('--force', 'overwrite a file that is there')
    .action(async (file: string, flags: Flags) => {
      if (flags.force !== true && existsSync(file))
        throw new GatewayError('CONFLICT', `${file} is there already; give another name, or --force to overwrite it.`);
      const store = open(flags, 'tool');
      try {
        await store.backup(file);
      } finally {
        await store.close();
      }
      process.stdout.write(`Backed up to ${file}.\n`);
    });
  root
    .command('restore <file>')
    .description('puts a backup in the place of the database; the gateway must not run')
    .option('--config <file>', 'configuration file')
    .option('--adopt', 'take a backup or a data folder of another site id, which gets the id of the configuration')
    .action((file: string, flags: Flags) => {
      const { data: folder, site } = configOrDemo(flags.config);
      const adopt = flags.adopt === true;
      const kept = restoreBackup(file, { folder, site: site.id, adopt, now: Date.now() });
      process.stdout.write(
        `Restored ${file}.${kept === null ? '' : ` The database that was there is kept as ${kept}.`}\n`,
      );
    });
  root
    .command('rebuild-stock')
    .description('counts the stock anew from the event log; --check only compares')
    .option('--check', 'compare, change nothing; exit 1 on a difference')
    .option('--config <file>', 'configuration file')
    .action((flags: Flags) => rebuild(flags));
}

async function rebuild(flags: Flags): Promise<void> {
  const store = open(flags, flags.check === true ? 'tool' : 'gateway');
  try {
    const differences = flags.check === true ? store.checkStock() : await store.rebuildStock();
    for (const difference of differences) process.stdout.write(`${describe(difference)}\n`);
    if (differences.length === 0) process.stdout.write('Stock equals the event log and the sum of the items.\n');
    else if (flags.check === true)
      throw new GatewayError('CONFLICT', `${differences.length} stock rows differ; run silentgate rebuild-stock.`);
    else process.stdout.write(`${differences.length} stock rows were put right.\n`);
  } finally {
    await store.close();
  }
}

function describe({ gtin, location, bucket, live, rebuilt }: StockDifference): string {
  return `${gtin} ${location} ${bucket}: kept ${live}, by the log ${rebuilt}`;
}

function open(flags: Flags, mode: 'gateway' | 'tool') {
  const config = configOrDemo(flags.config);
  return openStore({ folder: config.data, site: { id: config.site.id }, now: Date.now }, mode);
}
