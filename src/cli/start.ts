import type { Command } from 'commander';
import { systemClock } from '../kit/index.ts';
import { type Gateway, startGateway } from '../main.ts';
import { checkFile } from './check.ts';
import { logFileOf, openConfiguration } from './configuration.ts';
import { createLog } from './log.ts';
import { runDaemon, sayReady } from './running.ts';
import { configFile } from './settings.ts';
import { version, webRoot } from './version.ts';

type Flags = { config?: string };

/** `silentgate start` and `silentgate check`. */
export function addStartCommands(root: Command): void {
  root
    .command('start')
    .description('runs the gateway; without a configuration file, the demo store')
    .option('--config <file>', 'configuration file (default: silentgate.yaml here)')
    .action(async (flags: Flags) => {
      const file = configFile(flags.config);
      await (file === null ? startDemo() : startConfigured(file));
    });
  root
    .command('check')
    .description('validates the configuration file; each error with file, line, key and what is allowed')
    .option('--config <file>', 'configuration file (default: silentgate.yaml here)')
    .action((flags: Flags) => checkFile(configFile(flags.config) ?? 'silentgate.yaml'));
}

/** Loads what only the demo store needs: its simulated readers. */
async function startDemo(): Promise<void> {
  const { runDemo } = await import('./demo.ts');
  await runDemo();
}

async function startConfigured(file: string): Promise<void> {
  const configuration = openConfiguration(file, process.env);
  const { config, state } = configuration;
  const log = createLog(config.log?.level ?? 'info', process.stdout.isTTY === true, logFileOf(config));
  configuration.warn(log);
  const options = { clock: systemClock, log, webRoot, version: version(), env: process.env, configuration: state };
  let gateway: Gateway | null = null;
  await runDaemon({
    log,
    clock: systemClock,
    start: async (signal) => {
      gateway = await startGateway(config, { ...options, signal });
      sayReady(log, gateway);
    },
    stop: async () => gateway?.stop(),
    reread: async () => {
      if (gateway !== null) await configuration.reread(gateway, log);
    },
  });
}
