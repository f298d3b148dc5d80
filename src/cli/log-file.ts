import { closeSync, constants, existsSync, fstatSync, openSync, realpathSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '../kit/index.ts';

/** A log in a file, appended to. */
export type LogFile = {
  /** False where it could not be written: the line then has to go elsewhere. */
  write(line: string): boolean;
  /** Opens the path anew: a rotated log goes on in a new file. */
  reopen(): void;
};

/** Where the log is asked for news of its file. */
export type LogFileEvents = {
  /** Called once for each time in which nothing can be written. */
  failed(reason: string): void;
  recovered(): void;
};

/** How long a file that cannot be written is left alone, ms. */
const restMs = 5_000;

/** The gateway's own files in its data folder: a line in one of them destroys it. */
const ours = /^(silentgate\.db|token\.key|gateway\.(lock|pid)|run\.json)/;

/** Opens without waiting: a FIFO that nobody reads would hold the whole gateway, the signals to end it included. */
function openForLines(path: string): number {
  const name = basename(existsSync(path) ? realpathSync(path) : path);
  if (ours.test(name)) throw new Error(`${name} is a file of the gateway’s data folder; name another under log.file`);
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  const found = fstatSync(file);
  if (found.isFile() || found.isCharacterDevice()) return file;
  closeSync(file);
  throw new Error(`${path} is no file`);
}

/**
 * Opens the file for its owner alone (0600) when it is made. Never throws: neither a missing folder nor a full disk ends
 * the gateway. `now` is any running time in ms. Lines are written at once, so that none is lost with the process.
 */
export function openLogFile(path: string, events: LogFileEvents, now: () => number): LogFile {
  let file: number | null = null;
  let failedAt: number | null = null;
  /** A line that the disk took only the beginning of. */
  let torn = false;

  const close = () => {
    if (file !== null) closeSync(file);
    file = null;
  };
  const append = (line: string) => {
    file ??= openForLines(path);
    const bytes = Buffer.from(torn ? `\n${line}` : line);
    for (let at = 0; at < bytes.length; ) {
      const written = writeSync(file, bytes, at);
      at += written;
      torn = at > 0 && at < bytes.length;
    }
  };
  const write = (line: string): boolean => {
    if (failedAt !== null && now() - failedAt < restMs) return false;
    const hadFailed = failedAt !== null;
    try {
      append(line);
      failedAt = null;
    } catch (error) {
      failedAt = now();
      if (!hadFailed) events.failed(messageOf(error));
      return false;
    }
    if (hadFailed) events.recovered();
    return true;
  };
  return {
    write,
    reopen: () => {
      close();
      torn = false;
      if (failedAt !== null) failedAt = now() - restMs;
    },
  };
}
