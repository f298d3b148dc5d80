import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { formatProblem, formatWarning, GatewayError, type LocatedProblem } from '../kit/index.ts';
import type { Check } from './doctor-offline.ts';
import { examineGateway } from './doctor-running.ts';
import { harmless, harmlessLines } from './harmless.ts';
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

const indent = ' '.repeat(6);

/** A finding as it is printed. Words of readers, clients and destinations may stand in it. */
export function line({ name, state, text, next }: Check): string {
  const more = next === null || state === 'ok' ? '' : `      → ${harmlessLines(next, indent)}\n`;
  return `${marks[state]}  ${harmless(name)}: ${harmlessLines(text, indent)}\n${more}`;
}

async function diagnose(file: string | null): Promise<Check[]> {
  try {
    const { config, checks, warnings } = file === null ? theDemo() : configured(file);
    if (config === null) return checks;
    const gateway = await examineGateway(config, file);
    if (!gateway.answers)
      return [...checks, ...(file === null ? [] : refused(file)), ...warnings.map(told), ...gateway.checks];
    // What the network can reach a gateway that answers says itself.
    const more = warnings.filter(({ key }) => key !== 'http.host' && key !== 'mqtt.access');
    // It says itself how the file stands to what runs.
    const knows = gateway.checks.some(({ name }) => name === 'configuration');
    return [...(knows ? [] : checks), ...more.map(told), ...gateway.checks];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [broken(error.message)];
  }
}

type Warning = LocatedProblem & { readonly file: string };
type Read = { readonly config: Config | null; readonly checks: Check[]; readonly warnings: readonly Warning[] };

/** Secrets are not looked at here: the gateway may have been given what this shell lacks. */
function configured(file: string): Read {
  const result = readConfig(file, shippedProfiles);
  if (!('config' in result)) {
    const mistakes = result.problems.map((one) => formatProblem(file, one)).join('\n');
    return { config: null, checks: [broken(mistakes)], warnings: [] };
  }
  const { config, warnings } = result;
  return { config, checks: [good('valid')], warnings: warnings.map((one) => ({ ...one, file })) };
}

/** What would keep the gateway from starting, but for secrets, which have findings of their own. */
function refused(file: string): Check[] {
  const result = readConfig(file, shippedProfiles, process.env);
  const problems = 'config' in result ? [] : result.problems.filter(({ key }) => !/\b(secret|password)$/.test(key));
  return problems.map((one) => broken(formatProblem(file, one)));
}

const told = ({ file, ...warning }: Warning): Check => ({
  name: 'configuration',
  state: 'warn',
  text: formatWarning(file, warning),
  next: null,
});

const good = (text: string): Check => ({ name: 'configuration', state: 'ok', text, next: null });

/** The demo store brings its own secret and takes the next free ports, so they are no faults. */
function theDemo(): Read {
  const { mqtt: _, ...config } = configOrDemo(undefined);
  const text = `There is no silentgate.yaml in ${process.cwd()}, so this is about the demo store and its ./demo-data.`;
  return {
    config: { ...config, crm: [], http: { port: 0 }, readers: [] },
    checks: [good(text)],
    warnings: [],
  };
}

function broken(text: string): Check {
  const next = 'Mend the file; silentgate check shows every mistake. A gateway that runs keeps what it read before.';
  return { name: 'configuration', state: 'fail', text, next };
}
