import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { GatewayError, messageOf } from '../kit/index.ts';
import { type Check, examineOffline } from './doctor-offline.ts';
import { askApi, readRun } from './local-gateway.ts';
import { configFile, configOrDemo } from './settings.ts';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `silentgate doctor`: what is wrong, in plain words, each with what to do. Exit 1 when something fails. */
export function addDoctorCommand(root: Command): void {
  root
    .command('doctor')
    .description('what is wrong, in plain words: readers, broker, disk, clock, CRM')
    .option('--config <file>', 'configuration file')
    .option('--json', 'one JSON object')
    .action(async (flags: { config?: string; json?: boolean }) => {
      const checks = await diagnose(flags.config);
      process.stdout.write(flags.json === true ? `${JSON.stringify({ checks })}\n` : checks.map(line).join(''));
      if (checks.some((check) => check.state === 'fail')) process.exitCode = 1;
    });
}

function line({ name, state, text, next }: Check): string {
  return `${marks[state]}  ${name}: ${text}\n${next === null || state === 'ok' ? '' : `      → ${next}\n`}`;
}

async function diagnose(file: string | undefined): Promise<Check[]> {
  let config: Config;
  try {
    config = configOrDemo(file);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [
      {
        name: 'configuration',
        state: 'fail',
        text: error.message,
        next: 'Mend the file; silentgate check shows every mistake.',
      },
    ];
  }
  const good: Check = { name: 'configuration', state: 'ok', text: 'valid', next: null };
  return [good, ...(await askGateway(configFile(file) === null ? demoOnly(config) : config))];
}

/** The demo store brings its own secret and takes the next free ports, so they are no faults. */
function demoOnly({ mqtt: _, ...config }: Config): Config {
  return { ...config, crm: [], http: { port: 0 }, readers: [] };
}

async function askGateway(config: Config): Promise<Check[]> {
  const run = readRun(config.data);
  if (run === null) return offline(config, 'The gateway does not run.');
  try {
    return ((await askApi(run, 'GET', '/doctor')) as { checks: Check[] }).checks;
  } catch (error) {
    const text = `The gateway (process ${run.pid}) does not answer at ${run.url}: ${messageOf(error)}.`;
    return offline(config, text);
  }
}

async function offline(config: Config, text: string): Promise<Check[]> {
  const gateway: Check = { name: 'gateway', state: 'fail', text, next: 'Start it: silentgate start.' };
  return [gateway, ...(await examineOffline(config, process.env))];
}
