import { type DestinationStream, type Logger, pino } from 'pino';
import type { Log } from '../kit/index.ts';
import { harmless } from './harmless.ts';
import { type LogFile, openLogFile } from './log-file.ts';

const names: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
const ranks: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 };
const ownFields = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

/** The daemon's log, whose level and file may change while it runs; its children change with it. */
export type DaemonLog = Log & {
  /** `file` null: standard output. A file is opened anew, also where it is the same: it may have been rotated. */
  change(level: string, file: string | null): void;
};

/**
 * The daemon's log: JSON lines on standard output or in a file; one readable line per entry on a terminal. Where the file
 * cannot be written, lines go to standard output and the log says so, once. Secrets that might stand in a field are cut out.
 */
export function createLog(
  level: string,
  readable = process.stdout.isTTY === true,
  file: string | null = null,
): DaemonLog {
  const console = readable ? readableOutput : pino.destination({ fd: 1, sync: true });
  const gate = { rank: rankOf(level) };
  const target: { path: string | null; file: LogFile | null } = { path: null, file: null };
  const output: DestinationStream = {
    write: (line) => {
      if (target.file?.write(line) !== true) console.write(line);
    },
  };
  const redact = ['secret', 'password', 'key', '*.secret', '*.password', '*.key', 'headers.authorization'];
  const log = gated(pino({ level: 'trace', redact }, output), gate);
  const change = (next: string, path: string | null) => {
    gate.rank = rankOf(next);
    target.file?.reopen();
    if (path !== target.path)
      Object.assign(target, { path, file: path === null ? null : openLogFile(path, newsOf(path, log), runningMs) });
  };
  change(level, file);
  return { ...log, change };
}

const rankOf = (level: string) => ranks[level] ?? 30;
const runningMs = () => performance.now();

function newsOf(file: string, log: Log) {
  return {
    failed: (reason: string) =>
      log.warn({ file, reason }, 'the log file cannot be written; the log goes to standard output until it can'),
    recovered: () => log.info({ file }, 'the log file can be written again'),
  };
}

/** pino's children keep the level that they were made with: so the level is looked at here. */
function gated(inner: Logger, gate: { readonly rank: number }): Log {
  const isOn = (level: string) => rankOf(level) >= gate.rank;
  const writer = (level: 'error' | 'warn' | 'info' | 'debug' | 'trace'): Log['info'] => {
    return (fields, message) => {
      if (isOn(level)) inner[level](fields, message);
    };
  };
  return {
    error: writer('error'),
    warn: writer('warn'),
    info: writer('info'),
    debug: writer('debug'),
    trace: writer('trace'),
    isLevelEnabled: isOn,
    child: (fields) => gated(inner.child(fields), gate),
  };
}

const readableOutput: DestinationStream = {
  write: (line) => void process.stdout.write(`${readableLine(line)}\n`),
};

function readableLine(line: string): string {
  const entry = JSON.parse(line) as { level: number; time: number; msg?: string; err?: { message?: string } } & Record<
    string,
    unknown
  >;
  const fields = Object.entries(entry)
    .filter(([name]) => !ownFields.has(name) && name !== 'err')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const error = entry.err?.message === undefined ? [] : [`error=${entry.err.message}`];
  const time = new Date(entry.time).toISOString().slice(11, 19);
  return harmless([time, (names[entry.level] ?? '').padEnd(5), entry.msg ?? '', ...fields, ...error].join(' '));
}
