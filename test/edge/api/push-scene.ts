import { join } from 'node:path';
import { type GatewayError, silentLog } from '../../../src/kit/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openReader, type Reader, type ReaderOptions } from '../../../src/readers/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';
import { createWorlds, t0, type World } from './api-fixture.ts';

const world = createWorlds();
const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
export const E1 = 'E28011606000020934D6FAF7';
export const E2 = '300833B2DDD9014000000003';
/** The effects where nothing stands behind the door. */
export const none = { arrived: 0, repeated: 0, waiting: 0, without: {} };
export const path = (id = 'app-1') => `/api/v1/readers/${id}/reads`;

export type Scene = {
  readonly w: World;
  readonly reader: Reader;
  readonly reads: TagRead[];
  readonly redeliveries: boolean[];
  readonly clock: ManualClock;
  /** `disk`: what each body waits for. */
  readonly store: { failure: GatewayError | null; disk: Promise<void> | null };
  /** What the line says of the reads of the next body. */
  readonly line: { outcomes: string[] };
  post(body: unknown, headers?: Record<string, string>): ReturnType<World['call']>;
};

/** A pushing reader behind the API; what its reads meet further down the line is in the test's hand. */
export async function scene(profile = 'generic/json', more: Partial<ReaderOptions> = {}): Promise<Scene> {
  const clock = manualClock(t0);
  const reads: TagRead[] = [];
  const redeliveries: boolean[] = [];
  const store: Scene['store'] = { failure: null, disk: null };
  const line: Scene['line'] = { outcomes: [] };
  const reader: Reader = openReader({
    supervise: createSupervision,
    config: { id: 'app-1', profile, link: { http: {} }, antennas: { '1': 'dock-in' }, ...more },
    profile: profiles.get(profile),
    mqtt: null,
    clock,
    log: silentLog,
    random: Math.random,
    onReads: async (batch, redelivered) => {
      if (store.failure !== null) throw store.failure;
      reads.push(...readsOf(batch));
      redeliveries.push(redelivered);
      for (const outcome of line.outcomes) reader.count(outcome, 1);
      await store.disk;
    },
  });
  reader.start();
  const w = await world({
    readers: {
      list: () => [reader.status()],
      get: () => reader.status(),
      command: () => null,
      push: (id) => (id === 'app-1' ? (reader.push ?? null) : null),
    },
  });
  const key = await w.key('reads:write');
  const post: Scene['post'] = (body, headers) => w.call('POST', path(), key, body, headers);
  return { w, reader, reads, redeliveries, clock, store, line, post };
}
