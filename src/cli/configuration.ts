import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { pemPaths } from '../config-checks.ts';
import { configText, formatProblem, GatewayError, type LocatedProblem, type Log, textHash } from '../kit/index.ts';
import type { ConfigurationState, Gateway, Reloaded } from '../main.ts';
import type { DaemonLog } from './log.ts';
import { differences, takenOver } from './reload-table.ts';
import { shippedProfiles } from './version.ts';

/** What runs, and the file that it came from. */
export type Configuration = {
  readonly config: Config;
  /** Logs what of the file runs and should not stay so. */
  warn(log: Log): void;
  /** How the file differs now from what runs. */
  state(): ConfigurationState;
  /** Reads the file again and has the gateway take over what may change while it runs. A bad file changes nothing. */
  reread(gateway: Gateway, log: DaemonLog): Promise<void>;
};

/** A file as it is now: a configuration, or the lines that say what is wrong with it. */
type Reading = {
  readonly config: Config | null;
  readonly mistakes: readonly string[];
  readonly warnings: readonly LocatedProblem[];
};
type Env = Readonly<Record<string, string | undefined>>;

/** Reads the file. Throws CONFIG_INVALID with every mistake. */
export function openConfiguration(file: string, env: Env): Configuration {
  const first = read(file, env);
  if (first.config === null) throw new GatewayError('CONFIG_INVALID', first.mistakes.join('\n'), { file });
  let running = first.config;
  let served = certificateHash(running);
  const look = createLook(file, env, () => pemPaths(running, running.folder));
  return {
    config: first.config,
    warn: (log) => warn(log, file, first.warnings),
    state: () => {
      const { config, mistakes } = look();
      const { SIGHUP, restart } = config === null ? { SIGHUP: [], restart: [] } : differences(running, config);
      return {
        file: resolve(file),
        pid: process.pid,
        changedAt: changedAt(file),
        bySignal: SIGHUP,
        byRestart: restart,
        certificateRenewed: certificateHash(running) !== served,
        mistakes: config === null ? mistakes.join('; ') : null,
      };
    },
    reread: async (gateway, log) => {
      const { config, mistakes, warnings } = read(file, env);
      if (config === null) {
        for (const mistake of mistakes) log.error({}, mistake);
        log.error({ file }, 'the configuration has mistakes and is not taken; what runs goes on');
        return;
      }
      const { restart } = differences(running, config);
      log.change(config.log?.level ?? 'info', logFileOf(config));
      warn(log, file, warnings);
      const offered = certificateHash(config);
      const reloaded = await gateway.reload(config);
      if (reloaded.certificate?.error === null) served = offered;
      running = takenOver(running, config, readersNow(running, config, reloaded), reloaded.certificate?.error === null);
      tell(log, reloaded, restart);
    },
  };
}

/** Where the log goes: an absolute path, or null for standard output. */
export function logFileOf({ folder, log }: Config): string | null {
  return log?.file === undefined ? null : resolve(folder, log.file);
}

function read(file: string, env: Env): Reading {
  try {
    const result = readConfig(file, shippedProfiles, env);
    if ('config' in result) return { config: result.config, mistakes: [], warnings: result.warnings };
    const mistakes = result.problems.map((problem) => formatProblem(file, problem));
    return { config: null, mistakes, warnings: [] };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { config: null, mistakes: [error.message], warnings: [] };
  }
}

/** Reads only what has changed since the last look, in the file or in `pems`: health checks come often. */
function createLook(file: string, env: Env, pems: () => readonly string[]): () => Reading {
  let last: { readonly hash: string; readonly reading: Reading } | null = null;
  return () => {
    const hash = [hashOf(file), ...pems().map(stampOf)].join();
    if (last === null || last.hash !== hash) last = { hash, reading: read(file, env) };
    return last.reading;
  };
}

function hashOf(file: string): string {
  try {
    return textHash(configText(file));
  } catch {
    return 'unreadable';
  }
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}

/** What new connections would be shown if the files of http.tls were read now; null where there is nothing to read. */
function certificateHash({ http }: Config): string | null {
  if (http?.tls === undefined) return null;
  try {
    return textHash(readFileSync(http.tls.cert, 'utf8'));
  } catch {
    return null;
  }
}

function changedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** The readers of `next`; those that could not be taken over are still what they were. */
function readersNow(running: Config, next: Config, { waiting, failed }: Reloaded): Config['readers'] {
  const behind = new Set([...waiting, ...failed].map(({ reader }) => reader));
  return next.readers.flatMap((reader) => {
    if (!behind.has(reader.id)) return [reader];
    return running.readers.filter(({ id }) => id === reader.id);
  });
}

function warn(log: Log, file: string, warnings: readonly LocatedProblem[]): void {
  for (const { line, key: at, found, allowed: better } of warnings)
    log.warn({ file, line, at, found, better }, 'configuration: warning');
}

function tell(log: DaemonLog, reloaded: Reloaded, restart: readonly string[]): void {
  const { added, changed, removed, waiting, failed, certificate } = reloaded;
  if (certificate?.error === null) log.info({}, 'new connections get the certificate of http.tls as its files are now');
  else if (certificate !== null) {
    log.error({ reason: certificate.error }, 'the certificate of http.tls is not taken; the old one stays');
  }
  for (const { reader, reason } of waiting) log.warn({ reader, reason }, 'this reader waits for a restart');
  for (const { reader, reason } of failed) log.error({ reader, reason }, 'this reader is not taken over');
  if (restart.length > 0) log.warn({ keys: restart }, `needs a restart: ${restart.join(', ')}`);
  log.info({ added, changed, removed }, 'the configuration is reread');
}
