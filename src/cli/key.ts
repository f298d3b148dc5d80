import { type Command, Option } from 'commander';
import { bondFault, createBrokerAccount, createKey, scopes } from '../api/index.ts';
import { brokerOf, type Config } from '../config.ts';
import { openStore, type Store } from '../journal/index.ts';
import { GatewayError } from '../kit/index.ts';
import { topicsOf } from '../readers/index.ts';
import { harmless } from './harmless.ts';
import { configOrDemo } from './settings.ts';

/** Words for every scope there is. */
const everything: ReadonlySet<string> = new Set(['all', 'admin', '*']);

type CreateFlags = { name?: string; scope: string[]; mqtt: boolean; reader: string[]; config?: string };
type ConfigFlag = { config?: string };

/** `silentgate key create|list|revoke`: works beside a running gateway; a new key counts at once. */
export function addKeyCommands(root: Command): void {
  const key = root
    .command('key')
    .description('API keys and accounts of the embedded broker: printed once, stored hashed');
  key
    .command('create')
    .option('--name <name>', 'what the key is for; with --mqtt it may be left out')
    .addOption(
      new Option('--scope <scope...>', `one or more of ${scopes.join(' ')}, or "all"`).default([], 'none, with --mqtt'),
    )
    .option('--mqtt', 'makes an account of the embedded broker for the readers, instead of an API key', false)
    .addOption(new Option('--reader <id...>', 'binds the key to these readers').default([], 'not bound'))
    .option('--config <file>', 'configuration file')
    .action(async (flags: CreateFlags) => {
      const config = configOrDemo(flags.config);
      const readers = [...new Set(flags.reader.flatMap((id) => id.split(',')))];
      mustBeThere(readers, config);
      await withStore(config, (store) => (flags.mqtt ? createAccount : createApiKey)(store, flags, readers, config));
    });
  key
    .command('list')
    .option('--config <file>', 'configuration file')
    .action((flags: ConfigFlag) => withStore(configOrDemo(flags.config), printKeys));
  key
    .command('revoke <id>')
    .description('ends a key, the sessions it opened, and the connections of a broker account')
    .option('--config <file>', 'configuration file')
    .action((id: string, flags: ConfigFlag) =>
      withStore(configOrDemo(flags.config), async (store) => {
        if (!(await store.keys.revoke(id, Date.now())))
          throw new GatewayError('NOT_FOUND', `There is no live key ${id}.`, { id });
        process.stdout.write(`Key ${id} is revoked.\n`);
      }),
    );
}

async function createApiKey(store: Store, { name, scope }: CreateFlags, readers: readonly string[]): Promise<void> {
  if (name === undefined || scope.length === 0)
    throw wrong('A key needs --name and --scope. For an account of the embedded broker: --mqtt --reader ID.');
  const wanted = scope.flatMap((text) => text.split(','));
  const list = wanted.some((text) => everything.has(text)) ? [...scopes] : wanted.map(known);
  const fault = readers.length === 0 ? null : bondFault(list);
  if (fault !== null) throw wrong(fault);
  const made = await createKey(store, { name, scopes: list, readers, now: Date.now() });
  const bound = readers.length === 0 ? '' : `, bound to ${readers.join(' ')}`;
  process.stdout.write(`${made.key}\n`);
  process.stderr.write(`Key ${made.id} (${name}) with ${list.join(' ')}${bound}. It is shown only this once.\n`);
}

async function createAccount(
  store: Store,
  flags: CreateFlags,
  readers: readonly string[],
  config: Config,
): Promise<void> {
  const { mqtt } = config;
  if (flags.scope.length > 0) throw wrong('--mqtt takes no --scope: what the account may do follows from its readers.');
  if (mqtt === undefined || !('broker' in mqtt))
    throw wrong(
      '--mqtt is for the embedded broker, mqtt: { broker: embedded }. Another broker has accounts of its own.',
    );
  const here = config.readers.filter(({ link }) => link.mqtt !== undefined);
  const ids = here.map(({ id }) => id).join(' ');
  if (readers.length === 0) throw wrong(`--mqtt needs --reader: an account is a reader’s. There are: ${ids}.`);
  const other = readers.find((id) => !here.some((reader) => reader.id === id));
  if (other !== undefined) throw wrong(`Reader ${other} is not reached over MQTT. Over MQTT there are: ${ids}.`);
  const name = flags.name ?? readers.join(' ');
  const made = await createBrokerAccount(store, { name, readers, now: Date.now() });
  const topics = here.filter(({ id }) => readers.includes(id)).map(topicsOf);
  const says = topics.flatMap((of) => of.says).join(' ');
  const hears = topics.flatMap((of) => of.hears).join(' ') || 'nothing';
  process.stdout.write(`username ${made.id}\npassword ${made.password}\n`);
  process.stderr.write(
    `Broker account ${made.id} (${name}) for ${readers.join(' ')}: publishes on ${says}, listens on ${hears}. It is shown only this once.\n`,
  );
  if (brokerOf(mqtt, () => []).access === 'open')
    process.stderr.write('The broker lets everybody in as it is configured now: mqtt.access is open.\n');
}

function wrong(message: string): GatewayError {
  return new GatewayError('REQUEST_INVALID', message);
}

function mustBeThere(readers: readonly string[], config: Config): void {
  const ids = config.readers.map(({ id }) => id);
  const unknown = readers.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw wrong(`There is no reader ${unknown}; there are: ${ids.join(' ') || 'none'}.`);
}

function known(scope: string): (typeof scopes)[number] {
  const found = scopes.find((name) => name === scope);
  if (found === undefined) throw wrong(`There is no scope ${scope}; allowed: ${scopes.join(' ')} or all.`);
  return found;
}

function printKeys(store: Store): void {
  for (const key of store.keys.list()) {
    const used = key.lastUsedAt === null ? 'never used' : `used ${new Date(key.lastUsedAt).toISOString()}`;
    const state = key.revokedAt === null ? used : `revoked ${new Date(key.revokedAt).toISOString()}`;
    const readers = key.readers.join(' ') || '-';
    const what = key.scopes.join(' ') || '-';
    process.stdout.write(`${key.id}\t${harmless(key.name)}\t${what}\t${state}\t${key.kind}\t${readers}\n`);
  }
}

async function withStore(config: Config, run: (store: Store) => unknown): Promise<void> {
  const store = openStore({ folder: config.data, site: config.site, now: Date.now }, 'tool');
  try {
    await run(store);
  } finally {
    await store.close();
  }
}
