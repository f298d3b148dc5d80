import { holds, type Json } from '../../../protocols/index.ts';
import type { Reply } from '../../commands/access.ts';
import type { Modes, Talk, Wanted } from './dialect.ts';

/** Tells the technician what a command left behind. */
type Warn = (code: string, text: string) => void;

export const done: Reply<null> = { ok: true, value: null };

/** Sees to it that what is wanted holds, and puts the mode aside for a command. */
export function createModes(talk: Talk, warn: Warn): Modes {
  const { rest, resting } = inventory(talk, warn);
  let put: Reply<Json> = { ok: false, error: 'internal', sent: false };
  const set = async (mode: Json): Promise<Reply<null>> => {
    const reply = await talk.setMode(mode);
    return reply.ok ? done : reply;
  };
  const change = async (wanted: Wanted, before: Json): Promise<Reply<null>> => {
    const changed = await set(talk.modeWith(before, wanted));
    // Some readers call a change failed that they made in part, or drop what they do not know: what counts is what is seen.
    const after = await talk.mode();
    if (!after.ok) return changed.ok ? after : changed;
    if (holds(talk.modeWith(after.value, wanted), after.value)) return done;
    return changed.ok ? { ok: false, error: 'verify', sent: true } : changed;
  };
  const restoring = async <T>(before: Json, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } finally {
      if (!(await set(before)).ok) warn('MODE_NOT_RESTORED', 'its mode could not be restored after a command');
    }
  };
  return {
    set,
    aside: () => put,
    configure: async (wanted) => {
      const before = await talk.mode();
      if (!before.ok) return { ...before, sent: false };
      if (holds(talk.modeWith(before.value, wanted), before.value)) return done;
      const powers = [wanted.power ?? [], Object.values(wanted.antennaPower ?? {})].flat();
      if (powers.length > 0 && !(await talk.allows(powers))) return { ok: false, error: 'parameter', sent: false };
      const active = await rest();
      return active.ok ? resting(active.value, () => change(wanted, before.value)) : active;
    },
    exclusively: async (run) => {
      const before = await talk.mode();
      const active: Reply<boolean> = before.ok ? await rest() : before;
      put = active.ok ? before : { ...active, sent: false };
      if (!before.ok || !active.ok) return run();
      return resting(active.value, () => restoring(before.value, run));
    },
  };
}

/** Inventory brought to rest, and started again where it was running. */
function inventory(talk: Talk, warn: Warn) {
  const rest = async (): Promise<Reply<boolean>> => {
    const activity = await talk.activity();
    if (!activity.ok) return activity;
    const stopped: Reply<unknown> = activity.value.isActive ? await talk.stop() : done;
    return stopped.ok ? { ok: true, value: activity.value.isActive } : stopped;
  };
  const resting = async <T>(wasActive: boolean, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } finally {
      if (wasActive && !(await talk.start()).ok) {
        warn('NOT_RESTARTED', 'it was stopped for a command and could not be started again');
      }
    }
  };
  return { rest, resting };
}
