import type { Command } from 'commander';
import { type Config, loadConfig, readConfig } from '../config.ts';
import { formatProblem, systemClock } from '../kit/index.ts';
import { startGateway } from '../main.ts';
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
      await (file === null ? startDemo() : startConfigured(loadConfig(file, shippedProfiles, process.env)));
    });
  root
    .command('check')
    .description('validates the configuration file; each error with file, line, key and what is allowed')
    .option('--config <file>', 'configuration file (default: silentgate.yaml here)')
    .action((flags: Flags) => check(configFile(flags.config) ?? 'silentgate.yaml'));
}

function check(file: string): void {
  const result = readConfig(file, shippedProfiles, process.env);
  if ('config' in result) {
    process.stdout.write(
      `${file}: good; ${result.config.readers.length} readers, ${result.config.readPoints.length} read points.\n`,
    );
    return;
  }
  for (const problem of result.problems) process.stderr.write(`${formatProblem(file, problem)}\n`);
  process.exitCode = 1;
}

async function startConfigured(config: Config): Promise<void> {
  const log = createLog(config.log?.level ?? 'info');
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
