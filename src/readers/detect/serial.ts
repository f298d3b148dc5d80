import { type Clock, type Fault, failure, GatewayError, pause } from '../../kit/index.ts';
import type { Channel, ChannelEvents } from '../../links/index.ts';
import type { Profile } from '../../profiles/index.ts';
import { type Setting, type Trial, trialsOf } from './probe.ts';
import { createVerdict, type FoundReader } from './verdict.ts';

/** What is on a serial port; `error` is why it could not be looked at. */
export type SerialFinding = {
  readonly path: string;
  readonly found: (FoundReader & Setting) | null;
  readonly error: string | null;
};

export type SerialSearch = {
  readonly profiles: readonly Profile[];
  readonly clock: Clock;
  /** How long is listened at each setting before anything is asked, ms: cards and fobs only talk when one is held to them. */
  readonly listenMs: number;
  /** Opens the port at a setting, once; rejects with a GatewayError. */
  open(path: string, setting: Setting, events: ChannelEvents): Promise<Channel>;
};

/**
 * Finds out which family is on a serial port: at each setting that any of them uses it listens, then asks who is there.
 * Nothing that could change a reader is written. Never rejects for what the port does.
 */
export async function detectSerial(path: string, search: SerialSearch): Promise<SerialFinding> {
  try {
    for (const trial of trialsOf(search.profiles)) {
      const found = await tryOut(path, trial, search);
      if (found !== null) return { path, found: { ...found, ...trial.setting }, error: null };
    }
    return { path, found: null, error: null };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { path, found: null, error: error.message };
  }
}

async function tryOut(
  path: string,
  trial: Trial,
  { clock, listenMs, open }: SerialSearch,
): Promise<FoundReader | null> {
  const verdict = createVerdict(trial.profiles);
  let lost: Fault | null = null;
  const channel = await open(path, trial.setting, {
    chunk: verdict.chunk,
    lost: (fault) => {
      lost = fault;
    },
  });
  try {
    await pause(clock, Math.max(trial.openMs, listenMs));
    // Who is heard reading and can be asked is asked which model it is.
    if (verdict.isOnlyHeard()) return verdict.found();
    for (const { bytes, waitMs } of trial.probes) {
      if (lost !== null) throw failure(lost);
      verdict.asked(bytes);
      await channel.write(bytes);
      await pause(clock, waitMs);
      if (verdict.isSure()) break;
    }
    return verdict.found();
  } finally {
    await channel.close();
  }
}
