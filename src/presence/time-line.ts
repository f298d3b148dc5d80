/**
 * The gateway's own time line, on which its clock never leaps: epoch ms less the leaps that there were. So a leap moves what
 * counts silence in one step, however many tags there are.
 */
export type TimeLine = {
  /** What a time of the gateway's clock has more than the time on the line, ms. */
  shift: number;
  /** When it leapt, on the line, and what the shift was before. */
  readonly leaps: { readonly at: number; readonly before: number }[];
};

/** So much passes in a leap, ms: what came before it and what comes after it are never at one time. */
const leapMs = 2 ** -10;
/** More leaps than these are taken for one. */
const mostLeaps = 64;

export function createTimeLine(): TimeLine {
  return { shift: 0, leaps: [] };
}

/** The clock was set from `from` to `to`, epoch ms. */
export function leap(line: TimeLine, from: number, to: number): void {
  line.leaps.push({ at: from - line.shift, before: line.shift });
  if (line.leaps.length > mostLeaps) line.leaps.shift();
  line.shift += to - from - leapMs;
}

/** What the shift was at a time on the line. */
export function shiftAt({ leaps, shift }: TimeLine, time: number): number {
  for (const { at, before } of leaps) if (time <= at) return before;
  return shift;
}
