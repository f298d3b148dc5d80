import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Log } from '../kit/index.ts';

const names: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
const ownFields = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

/**
 * The daemon's log on standard output: JSON lines for the journal, or one readable line per entry on a terminal.
 * Secrets that might stand in a field are cut out.
 */
export function createLog(level: string, readable = process.stdout.isTTY === true): Log {
  const options = {
    level,
    redact: ['secret', 'password', 'key', '*.secret', '*.password', '*.key', 'headers.authorization'],
  };
  return readable ? pino(options, readableStream()) : pino(options);
}

function readableStream(): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      process.stdout.write(`${readableLine(String(chunk))}\n`);
      done();
    },
  });
}

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

/** Topics and answers are foreign text: what would move a terminal's cursor, or turn its text around, is shown as its code. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
