/** Relative humidity in percent at some moisture codes of one inlay, as its user measured them. */
export type MoistureCalibration = readonly { readonly code: number; readonly percent: number }[];

/**
 * Percent for a moisture code, on the straight line between the two nearest points; beyond the outermost points theirs. Null
 * with fewer than two points: a code alone says wetter or drier, not how wet.
 */
export function humidityOf(code: number, calibration: MoistureCalibration): number | null {
  if (calibration.length < 2) return null;
  const points = [...calibration].sort((a, b) => a.code - b.code);
  const low = points.findLast((point) => point.code <= code);
  const high = points.find((point) => point.code >= code);
  if (low === undefined || high === undefined || low.code === high.code) return (low ?? high)?.percent ?? null;
  const share = (code - low.code) / (high.code - low.code);
  return Math.round((low.percent + share * (high.percent - low.percent)) * 10) / 10;
}
