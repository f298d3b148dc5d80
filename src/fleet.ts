import { join } from 'node:path';
import { type BrokerOptions, openBroker } from './broker.ts';
import type { Config } from './config.ts';
import { type Crew, enlist, prepare, type ReaderConfig, type Shared } from './crew.ts';
import { changeFleet, type FleetChange } from './fleet-change.ts';
import type { Closing } from './kit/index.ts';
import { createPlaces, type Places } from './places.ts';
import type { OnReads, Pressure, Reader } from './readers/index.ts';
import { openMemories } from './supervision/index.ts';

/** The readers that run. */
export type Fleet = {
  /** Opens all readers of the configuration that the fleet was made for. Throws what `openReader` throws. */
  open(onReads: OnReads, pressure: Pressure): Promise<void>;
  /** Makes the readers those of `next`: the others go on untouched, a changed one restarts alone. One change at a time. */
  change(next: Config): Promise<FleetChange>;
  /** A report without an antenna is of the reader's only configured place; with several places configured, nobody can say. */
  readonly readPointOf: Places['of'];
  /** Whether all of them were opened. */
  isOpen(): boolean;
  /** The configuration of each; another list after a change, the same one until then. */
  present(): readonly ReaderConfig[];
};

/** `readers` is filled here and shared with all who look at readers. */
export function createFleet(
  config: Config,
  options: BrokerOptions,
  readers: Map<string, Reader>,
  closing: Closing,
): Fleet {
  const crew: Crew = {
    config,
    options,
    readers,
    closing,
    members: new Map(),
    places: createPlaces(),
    stepped: new Set(),
  };
  // The places are known before the first read comes back from the disk.
  for (const reader of config.readers) crew.places.set(reader);
  let shared: Shared | null = null;
  let present: readonly ReaderConfig[] = config.readers;
  let isOpen = false;
  return {
    open: async (onReads, pressure) => {
      const mqtt = await openBroker(config, options, closing);
      const memories = openMemories(join(config.data, 'baselines.json'), readers, options);
      closing.add('last', 'memory of the readers', memories.close);
      shared = { mqtt, memories, onReads, pressure };
      // Readers subscribe before their connections open: what the broker kept for us arrives right after it.
      for (const reader of config.readers) enlist(crew, prepare(crew, shared, reader, config));
      isOpen = true;
      mqtt?.open();
    },
    isOpen: () => isOpen,
    change: async (next) => {
      if (shared === null) throw new Error('the readers are not open yet');
      return changeFleet(crew, shared, next, () => {
        present = [...crew.members.values()].map(({ config }) => config);
      });
    },
    readPointOf: crew.places.of,
    present: () => present,
  };
}
