import { type Clock, GatewayError, type Timer } from '../kit/index.ts';
import type { Profile } from '../profiles/index.ts';
import type { Behaviour, Faults, Noise, Simulator, Spell } from './simulator.ts';

/** Which kinds of reader can have a fault; another one has nothing that could go wrong there. */
const kinds: Readonly<Record<keyof Faults, readonly Profile['kind'][]>> = {
  hang: ['bytes', 'lines', 'messages', 'llrp'],
  outage: ['messages'],
  answerAfterMs: ['bytes', 'lines', 'messages', 'llrp'],
  restartEveryMs: ['bytes', 'lines', 'messages', 'llrp'],
  clockSkewMs: ['messages', 'llrp'],
};

/** Throws CONFIG_INVALID for a fault that means nothing to readers of this kind. */
export function checkFaults({ id, kind }: Profile, faults: Faults): void {
  for (const [fault, able] of Object.entries(kinds)) {
    if (faults[fault as keyof Faults] === undefined || able.includes(kind)) continue;
    throw new GatewayError(
      'CONFIG_INVALID',
      `${id} cannot have the fault ${fault}: readers of its kind have no such.`,
      {
        fault,
      },
    );
  }
}

/** The clock as a reader sees it whose time is wrong. */
export function skewed(clock: Clock, { clockSkewMs = 0 }: Faults): Clock {
  return clockSkewMs === 0 ? clock : { ...clock, now: () => clock.now() + clockSkewMs };
}

/** Lets the simulated reader hang and restart as told; returns how to end it. */
export function playFaults(
  simulator: Pick<Simulator, 'setSilent' | 'restart' | 'away'>,
  { hang, outage, restartEveryMs }: Faults,
  clock: Clock,
): () => void {
  const timers: Timer[] = [];
  const waking = new Set<Timer>();
  const play = (spell: Spell | undefined, set: (on: boolean) => void) => {
    if (spell === undefined) return;
    const begin = () => {
      set(true);
      waking.add(clock.after(spell.forMs, () => set(false)));
    };
    timers.push(clock.every(spell.everyMs, begin));
  };
  play(hang, (on) => simulator.setSilent(on));
  play(outage, (on) => simulator.away?.(on));
  if (restartEveryMs !== undefined) timers.push(clock.every(restartEveryMs, () => simulator.restart?.()));
  return () => {
    for (const timer of timers) timer.cancel();
    for (const timer of waking) timer.cancel();
  };
}

/** How long a reader says nothing after its power came back. */
const BOOT_MS = 800;

/** The condition that a reader on a line is in, and what may be done to it. */
export type Condition = {
  noise(): Noise;
  /** It neither hears nor speaks: it hangs, or has just begun anew. */
  silent(): boolean;
  readonly handles: Required<Pick<Simulator, 'setNoise' | 'setSilent' | 'restart'>>;
};

const nothing = () => undefined;

/** `restarting` forgets what the reader was told; `booted` is called once it can speak again. */
export function createCondition(
  { noise: first = {}, clock }: Behaviour,
  restarting: () => void = nothing,
  booted: () => void = nothing,
): Condition {
  let noise = first;
  let hangs = false;
  let boots = false;
  return {
    noise: () => noise,
    silent: () => hangs || boots,
    handles: {
      setNoise: (other) => {
        noise = other;
      },
      setSilent: (silent) => {
        hangs = silent;
      },
      restart: () => {
        restarting();
        boots = true;
        clock.after(BOOT_MS, () => {
          boots = false;
          booted();
        });
      },
    },
  };
}

/** Runs what answers a command at once, or as late as the reader is slow. */
export function delaying({ clock, faults = {} }: Behaviour): (run: () => void) => void {
  const { answerAfterMs } = faults;
  return answerAfterMs === undefined ? (run) => run() : (run) => void clock.after(answerAfterMs, run);
}
