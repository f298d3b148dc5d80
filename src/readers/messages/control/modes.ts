import type { Reply } from '../../commands/access.ts';
import type { MessageCommands, ModeSettings } from '../../profile/command-profile.ts';
import { parseNumber } from '../time.ts';
import { isObject } from '../values.ts';
import type { Ask } from './ask.ts';
import { holds, type Json, putAt, valueAt } from './json.ts';
import { modeWith, type Wanted } from './mode.ts';

export type ModesDeps = {
  readonly commands: MessageCommands;
  readonly ask: Ask;
  /** Tells the technician what a command left behind. */
  warn(code: string, text: string): void;
};

const done: Reply<null> = { ok: true, value: null };

/** The reader's way of reading: seen, set, and put aside for a while. */
export type Modes = {
  configure(wanted: Wanted): Promise<Reply<null>>;
  /** Sends a mode as it is. */
  set(mode: Json): Promise<Reply<null>>;
  /** Inventory rests and the mode may be changed while `run` runs; both are as before afterwards. */
  exclusively<T>(run: () => Promise<T>): Promise<T>;
  /** The mode that was put aside; an error where the reader could not be brought to rest. */
  aside(): Reply<Json>;
};

/** Null for a reader whose mode cannot be set. */
export function createModes(deps: ModesDeps): Modes | null {
  const spec = deps.commands.mode;
  if (spec === undefined) return null;
  const { get, set } = present(spec, deps.ask);
  const { rest, resting } = inventory(deps);
  let put: Reply<Json> = { ok: false, error: 'internal', sent: false };
  const change = async (wanted: Wanted, before: Json): Promise<Reply<null>> => {
    const changed = await set(modeWith(spec, before, wanted));
    // Some readers call a change failed that they made in part, or drop what they do not know: what counts is what is seen.
    const after = await get();
    if (!after.ok) return changed.ok ? after : changed;
    if (holds(modeWith(spec, after.value, wanted), after.value)) return done;
    return changed.ok ? { ok: false, error: 'verify', sent: true } : changed;
  };
  const restoring = async <T>(before: Json, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } finally {
      if (!(await set(before)).ok) deps.warn('MODE_NOT_RESTORED', 'its mode could not be restored after a command');
    }
  };
  return {
    set,
    aside: () => put,
    configure: async (wanted) => {
      const before = await get();
      if (!before.ok) return { ...before, sent: false };
      if (holds(modeWith(spec, before.value, wanted), before.value)) return done;
      if (!(await isWithinRegion(spec, deps.ask, wanted))) return { ok: false, error: 'parameter', sent: false };
      const active = await rest();
      return active.ok ? resting(active.value, () => change(wanted, before.value)) : active;
    },
    exclusively: async (run) => {
      const before = await get();
      const active: Reply<boolean> = before.ok ? await rest() : before;
      put = active.ok ? before : { ...active, sent: false };
      if (!before.ok || !active.ok) return run();
      return resting(active.value, () => restoring(before.value, run));
    },
  };
}

/** Whether the powers that are wanted are ones that the reader says it may have; true where it does not say. */
async function isWithinRegion({ power }: ModeSettings, ask: Ask, wanted: Wanted): Promise<boolean> {
  const powers = [wanted.power ?? [], Object.values(wanted.antennaPower ?? {})].flat();
  if (power?.limits === undefined || powers.length === 0) return true;
  const { ask: request, least, most, unitsPerDbm } = power.limits;
  const reply = await ask(request);
  const [min, max] = [least, most].map((path) => (reply.ok ? parseNumber(valueAt(reply.value, path)) : null));
  return powers.every((dbm) => dbm * unitsPerDbm >= (min ?? -1000) && dbm * unitsPerDbm <= (max ?? 1000));
}

/** The mode as the reader has it, seen and set. */
function present(spec: ModeSettings, ask: Ask) {
  const get = async (): Promise<Reply<Json>> => {
    const reply = await ask(spec.get);
    if (!reply.ok) return reply;
    const mode = spec.at === undefined ? reply.value : valueAt(reply.value, spec.at);
    return isObject(mode) ? { ok: true, value: mode } : { ok: false, error: 'internal', sent: true };
  };
  const set = async (mode: Json): Promise<Reply<null>> => {
    const body = spec.put === undefined ? mode : structuredClone(spec.set.body ?? {});
    if (spec.put !== undefined) putAt(body, spec.put, mode);
    const reply = await ask(spec.set, body);
    return reply.ok ? done : reply;
  };
  return { get, set };
}

/** Inventory brought to rest, and started again where it was running. */
function inventory({ commands, ask, warn }: ModesDeps) {
  const isActive = async (): Promise<Reply<boolean>> => {
    const { ask: request, at, is } = commands.active;
    const reply = await ask(request);
    if (!reply.ok) return reply;
    const words = at.map((path) => String(valueAt(reply.value, path)).toLowerCase());
    return { ok: true, value: words.some((word) => is.includes(word)) };
  };
  const rest = async (): Promise<Reply<boolean>> => {
    const active = await isActive();
    if (!active.ok || !active.value) return active;
    const stopped = await ask(commands.stop);
    return stopped.ok ? active : stopped;
  };
  const resting = async <T>(wasActive: boolean, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } finally {
      if (wasActive && !(await ask(commands.start)).ok) {
        warn('NOT_RESTARTED', 'it was stopped for a command and could not be started again');
      }
    }
  };
  return { rest, resting };
}
