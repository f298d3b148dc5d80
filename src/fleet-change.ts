import { isDeepStrictEqual } from 'node:util';
import type { BrokerOptions } from './broker.ts';
import type { Config } from './config.ts';
import { type Crew, dismiss, enlist, filesOf, type Member, prepare, type ReaderConfig, type Shared } from './crew.ts';
import { GatewayError, messageOf, pause } from './kit/index.ts';
import type { Reader } from './readers/index.ts';

/** A reader that does not run as configured, and why. */
type Obstacle = { readonly reader: string; readonly reason: string };

/** What became of the readers of a new configuration, by id; who is in none of the lists goes on untouched. */
export type FleetChange = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** They need what only a restart brings (a new read point, a broker), and stay as they were. */
  readonly waiting: readonly Obstacle[];
  /** They cannot be opened, and stay as they were. */
  readonly failed: readonly Obstacle[];
};

/** A reader that is removed or changed gets this long to end, ms; then things go on without it. */
const stopMs = 5_000;

/** `changed` is called when the readers are the new ones, before the old ones have all ended. */
export async function changeFleet(crew: Crew, shared: Shared, next: Config, changed: () => void): Promise<FleetChange> {
  const { members, options, closing } = crew;
  const removed = [...members.values()].filter(({ reader }) => !next.readers.some(({ id }) => id === reader.id));
  const { ready, waiting, failed } = prepareChanged(crew, shared, next);
  const before = new Map([...members].filter(([id]) => ready.some(({ reader }) => reader.id === id)));
  const end = (list: readonly Member[]) => Promise.all(list.map(({ reader }) => endWithin(reader, options)));
  // Serial lines, ports and connections are free before somebody else wants them.
  await end([...removed, ...before.values()].filter((member) => !isHeard(member)));
  // What is added now would never be closed.
  if (closing.isRunning()) return { added: [], changed: [], removed: [], waiting, failed };
  for (const member of removed) dismiss(crew, member);
  for (const member of ready) enlist(crew, member);
  changed();
  await end([...removed, ...before.values()].filter(isHeard));
  dropIdle(crew, shared, [...removed.map(({ config }) => config), ...next.readers]);
  const ids = ready.map(({ reader }) => reader.id);
  return {
    added: ids.filter((id) => !before.has(id)),
    changed: ids.filter((id) => before.has(id)),
    removed: removed.map(({ reader }) => reader.id),
    waiting,
    failed,
  };
}

/** Who failed, was removed or has another link now needs no connection to the broker. */
function dropIdle({ members }: Crew, { mqtt }: Shared, readers: readonly ReaderConfig[]): void {
  for (const { id } of readers) if (members.get(id)?.config.link.mqtt === undefined) mqtt?.drop(id);
}

/** Readers that are new or not what runs, made anew and not started; whatever cannot be made leaves the old one running. */
function prepareChanged(crew: Crew, shared: Shared, next: Config) {
  const [ready, waiting, failed]: [Member[], Obstacle[], Obstacle[]] = [[], [], []];
  for (const reader of next.readers) {
    if (isSame(crew.members.get(reader.id), reader, next)) continue;
    const missing = whatIsMissing(crew.config, shared, reader);
    if (missing !== null) {
      waiting.push({ reader: reader.id, reason: missing });
      continue;
    }
    try {
      ready.push(prepare(crew, shared, reader, next));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      failed.push({ reader: reader.id, reason: error.message });
    }
  }
  return { ready, waiting, failed };
}

function isSame(member: Member | undefined, reader: ReaderConfig, next: Config): boolean {
  if (member === undefined || !isDeepStrictEqual(member.config, reader)) return false;
  return isDeepStrictEqual(member.profile, next.profileTable.get(reader.profile)) && member.files === filesOf(reader);
}

/** What of the running configuration this reader would need. */
function whatIsMissing({ points }: Config, { mqtt }: Shared, reader: ReaderConfig): string | null {
  if (reader.link.mqtt !== undefined && mqtt === null) return 'its broker, the mqtt section, is new';
  const missing = Object.values(reader.antennas).find((point) => points.every(({ id }) => id !== point));
  return missing === undefined ? null : `its read point ${missing} is new`;
}

/** Two at a time can hear what comes over a broker or is pushed; anything else is held by one alone. */
function isHeard({ config: { link } }: Member): boolean {
  return link.mqtt !== undefined || link.http !== undefined;
}

/** A reader that hangs goes on ending by itself. */
async function endWithin(reader: Reader, { clock, log }: BrokerOptions): Promise<void> {
  const over = new AbortController();
  const ended = reader.stop().then(
    () => true,
    (error: unknown) => {
      log.warn({ reader: reader.id, error: messageOf(error) }, 'a reader that was changed or removed ended badly');
      return true;
    },
  );
  const inTime = await Promise.race([ended, pause(clock, stopMs, over.signal).then(() => false)]);
  over.abort();
  if (!inTime) log.warn({ reader: reader.id }, 'a reader that was changed or removed does not end');
}
