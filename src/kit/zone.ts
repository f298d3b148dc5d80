import { type Problem, Type } from './schema.ts';

/** A place's time: IANA name and rules, as the ICU data of Node has them. */
export type Zone = {
  readonly name: string;
  /** Minutes that the place's clocks are ahead of UTC at `at`, epoch ms; negative in the west. */
  offsetMinutes(at: number): number;
  /**
   * Epoch ms of a wall clock's reading, given as if it were UTC. A time that a change of the clocks repeats is the one nearer
   * to `near`; one that it leaves out counts by the offset before the change, so 02:30 is 03:30.
   */
  epoch(wall: number, near: number): number;
};

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Offsets change on quarter hours; so many of them are remembered. */
const STEP = 15 * MINUTE;
const REMEMBERED = 512;

const allowed = 'an IANA time zone such as Asia/Taipei, Europe/Berlin or UTC';

/** The name of a zone, and what it is for. Offsets such as `+08:00` are none: a place may change its clocks. What Intl knows, `zoneProblems` says. */
export function zoneName(use: string) {
  return Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$', maxLength: 64, description: `${allowed}: ${use}` });
}

/** A name of the right form that is no zone; nothing where it is one, or none is given. */
export function zoneProblems(pointer: string, name: string | undefined): Problem[] {
  return name === undefined || formatOf(name) !== null ? [] : [{ pointer, found: name, allowed }];
}

/** The zone whose clocks a place shows: the one that is named, else this machine's, which is that of the variable TZ where it is set. */
export function placeZone(name: string | undefined): Zone {
  return createZone(name ?? new Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** The zone of an IANA name, such as `Asia/Taipei`. Throws RangeError for a name that is none. */
export function createZone(name: string): Zone {
  const format = formatOf(name);
  if (format === null) throw new RangeError(`${name} is no IANA time zone`);
  const known = new Map<number, number>();
  const offsetMinutes = (at: number): number => {
    const step = Math.floor(at / STEP);
    const found = known.get(step) ?? offsetIn(format, step * STEP);
    if (known.size >= REMEMBERED) known.clear();
    known.set(step, found);
    return found;
  };
  const epoch = (wall: number, near: number): number => {
    const before = wall - offsetMinutes(wall - DAY) * MINUTE;
    const after = wall - offsetMinutes(wall + DAY) * MINUTE;
    const real = [before, after].filter((at) => at + offsetMinutes(at) * MINUTE === wall);
    return real.sort((a, b) => Math.abs(a - near) - Math.abs(b - near))[0] ?? before;
  };
  return { name, offsetMinutes, epoch };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
}

/** Of `GMT-04:00`, or of `GMT` alone. Seconds, which offsets had a century ago, are left out. */
function offsetIn(format: Intl.DateTimeFormat, at: number): number {
  const text = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(text) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}
