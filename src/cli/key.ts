import type { Command } from 'commander';
import { createKey, scopes } from '../api/index.ts';
import { GatewayError } from '../kit/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { configOrDemo } from './settings.ts';

/** Words for every scope there is. */
const everything: ReadonlySet<string> = new Set(['all', 'admin', '*']);

type CreateFlags = { name: string; scope: string[]; config?: string };
type ConfigFlag = { config?: string };

/** `silentgate key create|list|revoke`: works beside a running gateway; a new key counts at once. */
export function addKeyCommands(root: Command): void {
  const key = root.command('key').description('API keys: printed once, stored hashed');
  key
    .command('create')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scope <scope...>', `one or more of ${scopes.join(' ')}, or "all"`)
    .option('--config <file>', 'configuration file')
    .action((flags: CreateFlags) => {
      const wanted = flags.scope.flatMap((scope) => scope.split(','));
      const list = wanted.some((scope) => everything.has(scope)) ? [...scopes] : wanted.map(known);
      withStore(flags, (store) => {
        const made = createKey(store, { name: flags.name, scopes: list, now: Date.now() });
        process.stdout.write(`${made.key}\n`);
        process.stderr.write(`Key ${made.id} (${flags.name}) with ${list.join(' ')}. It is shown only this once.\n`);
      });
    });
  key
    .command('list')
    .option('--config <file>', 'configuration file')
    .action((flags: ConfigFlag) => withStore(flags, printKeys));
  key
    .command('revoke <id>')
    .option('--config <file>', 'configuration file')
    .action((id: string, flags: ConfigFlag) =>
      withStore(flags, (store) => {
        if (!store.keys.revoke(id, Date.now()))
          throw new GatewayError('NOT_FOUND', `There is no live key ${id}.`, { id });
        process.stdout.write(`Key ${id} is revoked.\n`);
      }),
    );
}

function known(scope: string): (typeof scopes)[number] {
  const found = scopes.find((name) => name === scope);
  if (found === undefined)
    throw new GatewayError('REQUEST_INVALID', `There is no scope ${scope}; allowed: ${scopes.join(' ')} or all.`);
  return found;
}

function printKeys(store: Store): void {
  for (const key of store.keys.list()) {
    const used = key.lastUsedAt === null ? 'never used' : `used ${new Date(key.lastUsedAt).toISOString()}`;
    const state = key.revokedAt === null ? used : `revoked ${new Date(key.revokedAt).toISOString()}`;
    process.stdout.write(`${key.id}\t${key.name}\t${key.scopes.join(' ')}\t${state}\n`);
  }
}

function withStore(flags: ConfigFlag, run: (store: Store) => void): void {
  const config = configOrDemo(flags.config);
  const store = openStore(
    { folder: config.data, routes: [], site: { id: config.site.id, gln: config.site.gln ?? null }, now: Date.now },
    'tool',
  );
  try {
    run(store);
  } finally {
    store.close();
  }
}
