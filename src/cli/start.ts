import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { systemClock } from '../kit/index.ts';
import { startGateway } from '../main.ts';
import { checkFile, refusal } from './check.ts';
import { startDemo } from './demo.ts';
import { createLog } from './log.ts';
import { readyText, stopOnSignal } from './running.ts';
import { configFile } from './settings.ts';
import { shippedProfiles, version, webRoot } from './version.ts';

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

async function startConfigured(file: string): Promise<void> {
  const read = readConfig(file, shippedProfiles, process.env);
  if (!('config' in read)) throw refusal(file, read.problems);
  const { config, warnings } = read;
  const log = createLog(config.log?.level ?? 'info');
  for (const { line, key: at, found, allowed: better } of warnings)
    log.warn({ file, line, at, found, better }, 'configuration: warning');
  const gateway = await startGateway(config, {
    clock: systemClock,
    log,
    webRoot,
    version: version(),
    env: process.env,
  });
  stopOnSignal(log, systemClock, () => gateway.stop());
  log.info({ url: gateway.url }, readyText(gateway));
}
