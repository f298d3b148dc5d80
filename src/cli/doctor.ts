import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { formatProblem, GatewayError } from '../kit/index.ts';
import type { Check } from './doctor-offline.ts';
import { examineGateway } from './doctor-running.ts';
import { configFile, configOrDemo } from './settings.ts';
import { shippedProfiles } from './version.ts';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `silentgate doctor`: what is wrong, in plain words, each with what to do. Exit 1 when something fails. */
export function addDoctorCommand(root: Command): void {
  root
    .command('doctor')
    .description('what is wrong, in plain words: readers, broker, disk, clock, CRM')
    .option('--config <file>', 'configuration file')
    .option('--json', 'one JSON object')
    .action(async (flags: { config?: string; json?: boolean }) => {
      const checks = await diagnose(configFile(flags.config));
      process.stdout.write(flags.json === true ? `${JSON.stringify({ checks })}\n` : checks.map(line).join(''));
      if (checks.some((check) => check.state === 'fail')) process.exitCode = 1;
    });
}

function line({ name, state, text, next }: Check): string {
  return `${marks[state]}  ${name}: ${text}\n${next === null || state === 'ok' ? '' : `      → ${next}\n`}`;
}

async function diagnose(file: string | null): Promise<Check[]> {
  try {
    const { config, checks } = file === null ? theDemo() : configured(file);
    return [...checks, ...(config === null ? [] : await examineGateway(config, file))];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [broken(error.message)];
  }
}

type Read = { readonly config: Config | null; readonly checks: Check[] };

/** Secrets are not looked at here: the gateway may have been given what this shell lacks. */
function configured(file: string): Read {
  const result = readConfig(file, shippedProfiles);
  if (!('config' in result))
    return { config: null, checks: [broken(result.problems.map((one) => formatProblem(file, one)).join('\n'))] };
  return { config: result.config, checks: [{ name: 'configuration', state: 'ok', text: 'valid', next: null }] };
}

/** The demo store brings its own secret and takes the next free ports, so they are no faults. */
function theDemo(): Read {
  const { mqtt: _, ...config } = configOrDemo(undefined);
  const text = `There is no silentgate.yaml in ${process.cwd()}, so this is about the demo store and its ./demo-data.`;
  return {
    config: { ...config, crm: [], http: { port: 0 }, readers: [] },
    checks: [{ name: 'configuration', state: 'ok', text, next: null }],
  };
}

function broken(text: string): Check {
  const next = 'Mend the file; silentgate check shows every mistake. A gateway that runs keeps what it read before.';
  return { name: 'configuration', state: 'fail', text, next };
}
