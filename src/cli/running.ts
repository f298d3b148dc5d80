import { type Clock, GatewayError, type Log } from '../kit/index.ts';
import type { Gateway } from '../main.ts';

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
      const taken = error instanceof GatewayError && error.code === 'PORT_TAKEN' && error.context['port'] === candidate;
      if (!taken || candidate >= port + 20) throw error;
      say(`Port ${candidate} is taken; trying ${candidate + 1}.`);
    }
  }
}
