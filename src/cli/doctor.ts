import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { GatewayError, messageOf } from '../kit/index.ts';
import { openStore } from '../store/index.ts';
import { configOrDemo } from './settings.ts';

type Check = { name: string; state: 'ok' | 'warn' | 'fail'; text: string; next: string | null };
type Run = { pid: number; url: string; key: string };

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
  let data: string;
  try {
    data = configOrDemo(file).data;
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
  return [good, ...(await askGateway(data))];
}

async function askGateway(data: string): Promise<Check[]> {
  const run = readRun(data);
  if (run === null) return offline(data, 'The gateway does not run.');
  try {
    const answer = await fetch(new URL('/api/v1/doctor', run.url), {
      headers: { authorization: `Bearer ${run.key}` },
      signal: AbortSignal.timeout(10_000),
    });
    return ((await answer.json()) as { checks: Check[] }).checks;
  } catch (error) {
    return offline(data, `The gateway (process ${run.pid}) does not answer at ${run.url}: ${messageOf(error)}.`);
  }
}

function readRun(data: string): Run | null {
  try {
    return JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as Run;
  } catch {
    return null;
  }
}

function offline(data: string, text: string): Check[] {
  const gateway: Check = { name: 'gateway', state: 'fail', text, next: 'Start it: silentgate start.' };
  // Looking makes no files: a database that root's doctor made would be closed to the gateway's own user.
  if (!existsSync(join(data, 'silentgate.db'))) {
    return [
      gateway,
      { name: 'database', state: 'ok', text: `${data} holds none yet; the first start makes it`, next: null },
    ];
  }
  try {
    const store = openStore({ folder: data, routes: [], site: { id: '', gln: null }, now: Date.now }, 'tool');
    const { items, events, file } = store.health();
    store.close();
    return [
      gateway,
      { name: 'database', state: 'ok', text: `${file} opens: ${items} items, ${events} events`, next: null },
    ];
  } catch (error) {
    return [
      gateway,
      { name: 'database', state: 'fail', text: messageOf(error), next: 'Check the folder’s owner and free space.' },
    ];
  }
}
