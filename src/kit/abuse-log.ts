import type { Clock, Timer } from './clock.ts';
import type { Log } from './log.ts';

/** From the line of a kind to its next one, ms. */
const minuteMs = 60_000;
/** The log tells this many addresses of one kind and minute apart; it still counts what comes from further ones. */
const mostSources = 64;
/** What comes from nowhere that can be named. */
const nowhere = 'unknown';

/** One log line per kind of abuse and minute, however often it comes: who floods the gateway does not flood its log. */
export type AbuseLog = {
  /**
   * One more of a kind. The first is a line at once; those of the minute after it are one line at the minute's end, with
   * `times`, how many they were, `sources`, how many addresses they came from (64 = that or more), `from`, the address of
   * most of them, and the `fields` of the last. `message` is a constant, `kind` one of a closed list; neither comes from input.
   */
  tell(message: string, from: string | null, fields?: Readonly<Record<string, unknown>>, kind?: string): void;
  /** Writes what has no line yet, and no more lines of its own accord. */
  close(): void;
};

/** `level` is how loud its lines are. */
export function createAbuseLog(clock: Clock, log: Log, level: 'warn' | 'error' = 'warn'): AbuseLog {
  const write: Log['warn'] = (fields, message) => log[level](fields, message);
  const minutes = new Map<string, Minute>();
  const end = (kind: string, minute: Minute) => {
    const line = minute.left();
    if (line === null) {
      minutes.delete(kind);
      return;
    }
    write(line.fields, line.message);
    minute.begin(() => end(kind, minute));
  };
  return {
    tell: (message, from, fields = {}, kind = message) => {
      const minute = minutes.get(kind);
      if (minute !== undefined) return minute.count(message, from ?? nowhere, fields);
      write({ ...fields, from: from ?? nowhere, times: 1, sources: 1 }, message);
      const begun = createMinute(clock);
      minutes.set(kind, begun);
      begun.begin(() => end(kind, begun));
    },
    close: () => {
      for (const minute of minutes.values()) {
        minute.stop();
        const line = minute.left();
        if (line !== null) write(line.fields, line.message);
      }
      minutes.clear();
    },
  };
}

type Minute = ReturnType<typeof createMinute>;

/** What of one kind came since its last line. */
function createMinute(clock: Clock) {
  const sources = new Map<string, number>();
  let times = 0;
  let last: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> } | null = null;
  let timer: Timer | null = null;
  return {
    begin: (ended: () => void) => {
      times = 0;
      last = null;
      sources.clear();
      timer = clock.after(minuteMs, ended);
    },
    count: (message: string, from: string, fields: Readonly<Record<string, unknown>>) => {
      times += 1;
      last = { message, fields };
      const before = sources.get(from);
      if (before !== undefined || sources.size < mostSources) sources.set(from, (before ?? 0) + 1);
    },
    /** The line of what was left out, or null where nothing was. */
    left: () => {
      if (last === null) return null;
      const [from] = [...sources].reduce((most, next) => (next[1] > most[1] ? next : most), [nowhere, 0] as const);
      return { message: last.message, fields: { ...last.fields, from, times, sources: sources.size } };
    },
    stop: () => timer?.cancel(),
  };
}
