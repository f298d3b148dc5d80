const HIGHEST_ANTENNA = 256;

/** Whether an antenna port can have this number. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= HIGHEST_ANTENNA;
}

/** No reader hears a tag louder or fainter: such a value, dBm, is in another unit. */
export function isPlausibleRssi(rssi: number): boolean {
  return rssi <= -10 && rssi >= -120;
}

/** dBm with two decimals. */
export function roundedRssi(rssi: number): number {
  return Math.round(rssi * 100) / 100;
}
