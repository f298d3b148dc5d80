import { fstatSync, type Stats } from 'node:fs';
import { type Clock, GatewayError, type Log, messageOf } from '../kit/index.ts';
import type { Gateway } from '../main.ts';
import { leave } from './lines.ts';

/**
 * Says where to go and how to get in. The link lets in whoever reads it, so it goes straight to the console, and never
 * where it would be kept: not through the log, not into a file, not into the journal.
 */
export function sayReady(log: Log, gateway: Gateway): void {
  if (isKept(process.env['JOURNAL_STREAM'], standardOutput())) {
    log.info({ url: gateway.url }, `Silentgate is ready at ${gateway.url}; a sign-in link: silentgate sign-in`);
    return;
  }
  log.info({ url: gateway.url }, 'ready');
  process.stdout.write(
    `Silentgate is ready. Open ${gateway.signInLink()} (this link signs in one browser, once, within 15 minutes)\n`,
  );
}

/** Whether what is written there stays: a regular file, or the systemd journal [systemd.exec(5), JOURNAL_STREAM]. */
export function isKept(journal: string | undefined, output: Pick<Stats, 'dev' | 'ino' | 'isFile'> | null): boolean {
  if (output === null) return true;
  return output.isFile() || journal === `${output.dev}:${output.ino}`;
}

function standardOutput(): Stats | null {
  try {
    return fstatSync(1);
  } catch {
    return null;
  }
}

export type Daemon = {
  readonly log: Log;
  readonly clock: Clock;
  /** Gives up when `signal` aborts, by closing what was opened and rejecting. */
  start(signal: AbortSignal): Promise<void>;
  /** Closes what `start` opened. */
  stop(): Promise<void>;
  /** Rereads what may be reread. */
  reread(): Promise<void>;
};

/** By then even a step that blocks the process has had its time, ms. */
const patienceMs = 15_000;

/**
 * Runs a daemon until a signal ends it. The first SIGTERM or SIGINT closes in order and exits 0, also while it starts; the
 * second exits at once. SIGHUP rereads, one at a time, once the start is over. A bug is logged and ends the process: a restart costs
 * nothing. Nobody needs to read what it prints.
 */
export async function runDaemon(daemon: Daemon): Promise<void> {
  const { log } = daemon;
  const ending = new AbortController();
  outliveConsole();
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'a bug: the gateway ends and is to be started again');
    process.exit(1);
  });
  const onEnd = (signal: string) => {
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
    log.info({ signal }, 'stopping');
    // Not the clock's timer: this one also keeps the process alive until everything is closed.
    setTimeout(() => process.exit(1), patienceMs);
    void starting
      .then(daemon.stop, () => undefined)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the stop failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', onEnd);
  process.on('SIGINT', onEnd);
  const reread = inTurn(() => (ending.signal.aborted ? Promise.resolve() : rereadSafely(daemon)));
  process.on('SIGHUP', () => void starting.then(reread, () => undefined));
  const starting = daemon.start(ending.signal);
  try {
    await starting;
  } catch (error) {
    // Whoever asked for the end does not hear of a start that was given up for it.
    if (!ending.signal.aborted) throw error;
  }
}

async function rereadSafely({ log, reread }: Daemon): Promise<void> {
  try {
    await reread();
  } catch (error) {
    log.error({ error: messageOf(error) }, 'the configuration could not be reread; what runs goes on');
  }
}

/** Runs `work` one at a time; what is asked for meanwhile is done once more afterwards, however often it was asked. */
function inTurn(work: () => Promise<void>): () => Promise<void> {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work();
    }
    running = false;
  };
}

/** Where the other end of standard output is closed (`| head`), what is printed goes nowhere and the daemon runs on. */
function outliveConsole(): void {
  process.stdout.off('error', leave);
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
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
      const taken = error instanceof GatewayError && error.code === 'PORT_TAKEN' && error.context['port'] === candidate;
      if (!taken || candidate >= port + 20) throw error;
      say(`Port ${candidate} is taken; trying ${candidate + 1}.`);
    }
  }
}
