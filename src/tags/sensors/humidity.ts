/** Relative humidity in percent at some moisture codes of one inlay, as its user measured them. */
export type MoistureCalibration = readonly { readonly code: number; readonly percent: number }[];

/**
 * Percent for a moisture code, on the straight line between the two nearest points; beyond the outermost points theirs. Null
 * with fewer than two points: a code alone says wetter or drier, not how wet.
 */
export function humidityOf(code: number, calibration: MoistureCalibration): number | null {
  const points = [...calibration].sort((a, b) => a.code - b.code);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  if (code <= first.code) return first.percent;
  if (code >= last.code) return last.percent;
  const above = points.findIndex((point) => point.code >= code);
  const [low, high] = [points[above - 1] ?? first, points[above] ?? last];
  const share = (code - low.code) / (high.code - low.code);
  return Math.round((low.percent + share * (high.percent - low.percent)) * 10) / 10;
}
