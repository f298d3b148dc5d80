import { type ReadonlySignal, signal } from '@preact/signals';

const probeEveryMs = 3_000;

/** Whether the gateway answers; while it does not, it is asked again and again. */
export type Pulse = {
  readonly down: ReadonlySignal<boolean>;
  readonly revision: ReadonlySignal<number>;
  /** A request was answered. */
  answered(): void;
  /** A request was not answered. */
  silent(): void;
  probe(): Promise<void>;
};

/** `ask` tells whether the gateway answers now. */
export function createPulse(ask: () => Promise<boolean>): Pulse {
  const down = signal(false);
  const revision = signal(0);
  let waiting = false;
  const answered = () => {
    if (!down.value) return;
    down.value = false;
    revision.value += 1;
  };
  const silent = () => {
    down.value = true;
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      void probe();
    }, probeEveryMs);
  };
  const probe = async () => {
    if (await ask()) answered();
    else silent();
  };
  return { down, revision, answered, silent, probe };
}
