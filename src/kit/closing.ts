import { type Clock, pause } from './clock.ts';
import { messageOf } from './gateway-error.ts';
import type { Log } from './log.ts';

/**
 * When a step of closing runs. `work`: what brings something in or carries it out (readers, deliveries, requests).
 * `channels`: what that work goes over. `last`: what keeps what is known; each of these always runs, one after the other.
 */
export type Stage = 'work' | 'channels' | 'last';

/** How to close what was opened, under one deadline. */
export type Closing = {
  /** Adds a step under a name for the log. */
  add(stage: Stage, name: string, close: () => unknown): void;
  /**
   * Closes everything, once. Steps of one stage run side by side, those added last begin first; the steps of `last` run in
   * turn. A step that hangs is left behind at its stage's limit; one that fails is logged. Neither keeps another from
   * running. Rejects with the first failure, after all have run.
   */
  run(): Promise<void>;
  /** True from the first moment of `run` on. */
  isRunning(): boolean;
};

type Limits = Readonly<Record<Stage, number>>;

/** Ends of the stages, ms after the beginning of the closing: all of it is over within the greatest of them. */
const usualLimits: Limits = { work: 3_000, channels: 4_000, last: 5_000 };

type Step = { readonly stage: Stage; readonly name: string; readonly close: () => unknown };

export function createClosing(clock: Clock, log: Log, limits: Limits = usualLimits): Closing {
  const steps: Step[] = [];
  const failures: unknown[] = [];
  let running: Promise<void> | null = null;

  const runStep = async ({ name, close }: Step, late: Promise<'late'>): Promise<void> => {
    try {
      const closed = close();
      if (!(closed instanceof Promise)) return;
      const how = await Promise.race([closed, late]);
      if (how === 'late') log.warn({ step: name }, 'does not close in time; the closing goes on without it');
    } catch (error) {
      failures.push(error);
      log.error({ step: name, error: messageOf(error) }, 'closing failed; the rest is closed all the same');
    }
  };
  const stepsOf = (stage: Stage) => steps.filter((step) => step.stage === stage).reverse();
  const runAll = async (): Promise<void> => {
    const over = new AbortController();
    const lateAfter = (ms: number) => pause(clock, ms, over.signal).then(() => 'late' as const);
    // All begin now: a clock that is set meanwhile makes no step longer.
    const late = { work: lateAfter(limits.work), channels: lateAfter(limits.channels), last: lateAfter(limits.last) };
    for (const stage of ['work', 'channels'] as const) {
      await Promise.all(stepsOf(stage).map((step) => runStep(step, late[stage])));
    }
    for (const step of stepsOf('last')) await runStep(step, late.last);
    over.abort();
    if (failures.length > 0) throw failures[0];
  };
  return {
    add: (stage, name, close) => {
      steps.push({ stage, name, close });
    },
    run: () => {
      running ??= runAll();
      return running;
    },
    isRunning: () => running !== null,
  };
}
