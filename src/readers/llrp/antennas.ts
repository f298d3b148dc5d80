import type { StatusTracker } from '../status-tracker.ts';
import type { ReaderConfig } from './reader-config.ts';

/** Tells which of our ports have an antenna, or which have none, as the reader itself says when it is connected. */
export function tellAntennas(
  config: ReaderConfig | null,
  ours: readonly number[],
  connected: boolean,
  tracker: StatusTracker,
): void {
  const kind = connected ? 'connected' : 'disconnected';
  for (const { port } of (config?.antennas ?? []).filter((antenna) => antenna.connected === connected)) {
    if (!ours.includes(port)) continue;
    if (!connected) tracker.warn('ANTENNA_DISCONNECTED', 1);
    tracker.sign({ about: 'antenna', port, is: connected ? 'on' : 'off' }, null);
    tracker.event({ name: 'antenna', at: null, seq: null, online: null, detail: { kind, antenna: port } });
  }
}
