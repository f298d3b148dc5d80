import type { Command } from 'commander';
import { type Config, formatProblem, loadConfig, readConfig } from '../config.ts';
import { type Clock, GatewayError, type Log, systemClock } from '../kit/index.ts';
import { type Gateway, startGateway } from '../main.ts';
import { startDemo } from './demo.ts';
import { createLog } from './log.ts';
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
      await (file === null ? startDemo() : startConfigured(loadConfig(file, shippedProfiles)));
    });
  root
    .command('check')
    .description('validates the configuration file; each error with file, line, key and what is allowed')
    .option('--config <file>', 'configuration file (default: silentgate.yaml here)')
    .action((flags: Flags) => check(configFile(flags.config) ?? 'silentgate.yaml'));
}

function check(file: string): void {
  const result = readConfig(file, shippedProfiles);
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

/** The line a technician looks for: where to go and how to get in. */
export function readyText(gateway: Gateway): string {
  return `Silentgate is ready. Open ${gateway.signInLink()} (this link signs in one browser, once, within 15 minutes)`;
}

/** The first SIGTERM or SIGINT closes in order and exits 0; the second exits at once. A bug is logged and ends the process: a restart costs nothing. */
export function stopOnSignal(log: Log, clock: Clock, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: string) => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ signal }, 'stopping');
    clock.after(15_000, () => process.exit(1));
    void stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'a bug: the gateway ends and is to be started again');
    process.exit(1);
  });
}

/** Runs `start`, and where the port it wants is taken says so and tries the next, at most 20 times. */
export async function nextFreePort<T>(
  port: number,
  say: (text: string) => void,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let candidate = port; ; candidate++) {
    try {
      return await start(candidate);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'PORT_TAKEN' || candidate >= port + 20) throw error;
      say(`Port ${candidate} is taken; trying ${candidate + 1}.`);
    }
  }
}
